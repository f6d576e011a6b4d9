import type { Project, ProjectName, ProjectStore } from '@optimus/domain';
import { type Kysely, sql } from 'kysely';
import type { Database, Statement } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { announceConfig } from './announce-config.ts';
import { type ProjectRow, toProject } from './project-row.ts';

/** Projects in PostgreSQL. */
export class PostgresProjectStore implements ProjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  save(project: Project): Promise<void> {
    return saveProject(this.#database.queries, project);
  }

  async find(name: ProjectName): Promise<Project | undefined> {
    const [row] = await this.#database.run<ProjectRow>(FIND_PROJECT, [name]);
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

/** Creates a project or replaces its configuration and presets. */
export async function saveProject(queries: Kysely<Tables>, project: Project): Promise<void> {
  const stored = {
    config: JSON.stringify(project.config),
    presets: JSON.stringify(project.presets ?? {}),
  };
  await queries
    .insertInto('project')
    .values({ name: project.name, ...stored })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ ...stored, updated_at: sql`now()` }))
    .returning(announceConfig(project.name))
    .execute();
}

/** $1 project. */
const FIND_PROJECT: Statement = {
  name: 'project_find',
  text: 'SELECT name, config, presets FROM project WHERE name = $1',
};
