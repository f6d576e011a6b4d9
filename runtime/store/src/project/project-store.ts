import type { Project, ProjectName, ProjectStore } from '@optimus/domain';
import { sql } from 'kysely';
import type { Database, Statement } from '../database/database.ts';
import { type ProjectRow, toProject } from './project-row.ts';

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

/** $1 project. */
const FIND_PROJECT: Statement = {
  name: 'project_find',
  text: 'SELECT name, config, presets FROM project WHERE name = $1',
};
