import type { Presets, Project, ProjectName, ProjectStore } from '@optimus/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Projects in PostgreSQL. */
export class PostgresProjectStore implements ProjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async save(project: Project): Promise<void> {
    const stored = {
      config: JSON.stringify(project.config),
      presets: JSON.stringify(project.presets ?? {}),
    };
    await this.#database.queries
      .insertInto('project')
      .values({ name: project.name, ...stored })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ ...stored, updated_at: sql`now()` }))
      .execute();
  }

  async find(name: ProjectName): Promise<Project | undefined> {
    const query = this.#database.queries
      .selectFrom('project')
      .select(['name', 'config', 'presets'])
      .where('name', '=', name);
    const row = await query.executeTakeFirst();
    return row && toProject(row);
  }

  async list(): Promise<readonly Project[]> {
    const rows = await this.#database.queries
      .selectFrom('project')
      .select(['name', 'config', 'presets'])
      .orderBy('name')
      .execute();
    return rows.map(toProject);
  }
}

function toProject({
  name,
  config,
  presets,
}: {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly presets: Presets;
}): Project {
  const project = { name: name as ProjectName, config };
  return Object.keys(presets).length === 0 ? project : { ...project, presets };
}
