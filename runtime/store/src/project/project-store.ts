import type { Project, ProjectName, ProjectStore } from '@optimus/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Projects in PostgreSQL. */
export class PostgresProjectStore implements ProjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async save(project: Project): Promise<void> {
    const config = JSON.stringify(project.config);
    await this.#database.queries
      .insertInto('project')
      .values({ name: project.name, config })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ config, updated_at: sql`now()` }))
      .execute();
  }

  async find(name: ProjectName): Promise<Project | undefined> {
    const query = this.#database.queries
      .selectFrom('project')
      .select(['name', 'config'])
      .where('name', '=', name);
    const row = await query.executeTakeFirst();
    return row && toProject(row);
  }

  async list(): Promise<readonly Project[]> {
    const rows = await this.#database.queries
      .selectFrom('project')
      .select(['name', 'config'])
      .orderBy('name')
      .execute();
    return rows.map(toProject);
  }
}

function toProject(row: {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}): Project {
  return { name: row.name as ProjectName, config: row.config };
}
