import type { Namespace, NamespaceName, NamespaceStore, ProjectName } from '@optimus/domain';
import { type Kysely, sql } from 'kysely';
import type { Database, Statement } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { announceConfig } from './announce-config.ts';
import { getProjectId } from './tenant-id.ts';

/** Namespaces in PostgreSQL. */
export class PostgresNamespaceStore implements NamespaceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  save(namespace: Namespace): Promise<void> {
    return saveNamespace(this.#database.queries, namespace);
  }

  async find(project: ProjectName, name: NamespaceName): Promise<Namespace | undefined> {
    const [row] = await this.#database.run<NamespaceRow>(FIND_NAMESPACE, [project, name]);
    return row && toNamespace(project, row);
  }

  async list(project: ProjectName): Promise<readonly Namespace[]> {
    const rows = await this.#select(project).orderBy('namespace.name').execute();
    return rows.map((row) => toNamespace(project, row));
  }

  #select(project: ProjectName) {
    return this.#database.queries
      .selectFrom('namespace')
      .innerJoin('project', 'project.id', 'namespace.project_id')
      .select(['namespace.name', 'namespace.config'])
      .where('project.name', '=', project);
  }
}

/** Creates a namespace or replaces its configuration. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function saveNamespace(queries: Kysely<Tables>, namespace: Namespace): Promise<void> {
  const projectId = await getProjectId(queries, namespace.project);
  const config = JSON.stringify(namespace.config);
  await queries
    .insertInto('namespace')
    .values({ project_id: projectId, name: namespace.name, config })
    .onConflict((conflict) =>
      conflict.columns(['project_id', 'name']).doUpdateSet({ config, updated_at: sql`now()` }),
    )
    .returning(announceConfig(namespace.project))
    .execute();
}

interface NamespaceRow {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

/** $1 project, $2 namespace. */
const FIND_NAMESPACE: Statement = {
  name: 'namespace_find',
  text: `
    SELECT namespace.name, namespace.config FROM project JOIN namespace ON namespace.project_id = project.id
    WHERE project.name = $1 AND namespace.name = $2`,
};

function toNamespace(project: ProjectName, row: NamespaceRow): Namespace {
  return { project, name: row.name as NamespaceName, config: row.config };
}
