import {
  type KeyRotation,
  type NamespaceName,
  OptimusError,
  type ProjectName,
  type SecretName,
  type SecretScope,
  type SecretStore,
  type SecretSummary,
} from '@optimus/domain';
import { sql } from 'kysely';
import type { Database, Statement } from '../database/database.ts';
import { isViolationOf } from '../database/database-error.ts';
import { getNamespaceId, getProjectId } from '../project/tenant-id.ts';
import { rotateKey } from './rotate-key.ts';
import type { SecretCipher } from './secret-cipher.ts';
import { openSecrets, type SealedSecret } from './visible-secrets.ts';

/** The row ids of a scope. */
interface ScopeIds {
  readonly project_id: string;
  readonly namespace_id: string | null;
}

/** Secrets in PostgreSQL, encrypted. */
export class PostgresSecretStore implements SecretStore {
  readonly #database: Database;
  readonly #cipher: SecretCipher;

  constructor(database: Database, cipher: SecretCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async create(scope: SecretScope, name: SecretName, value: string): Promise<void> {
    const ids = await this.#getScopeIds(scope);
    try {
      await this.#database.queries
        .insertInto('secret')
        .values({ ...ids, name, ...this.#seal(scope, name, value) })
        .execute();
    } catch (thrown) {
      const constraint = ids.namespace_id === null ? 'secret_project_name' : 'secret_namespace_name';
      throw isViolationOf(thrown, constraint) ? existsError(scope, name) : thrown;
    }
  }

  async update(scope: SecretScope, name: SecretName, value: string): Promise<void> {
    const change = { ...this.#seal(scope, name, value), updated_at: sql<Date>`now()` };
    const ids = await this.#findScopeIds(scope);
    const query =
      ids &&
      this.#database.queries.updateTable('secret').set(change).where('project_id', '=', ids.project_id);
    const updated = await query
      ?.where('namespace_id', 'is not distinct from', ids?.namespace_id ?? null)
      .where('name', '=', name)
      .executeTakeFirst();
    if (!updated?.numUpdatedRows) throw notFoundError(scope, name);
  }

  async delete(scope: SecretScope, name: SecretName): Promise<void> {
    const ids = await this.#findScopeIds(scope);
    const query = ids && this.#database.queries.deleteFrom('secret').where('project_id', '=', ids.project_id);
    const deleted = await query
      ?.where('namespace_id', 'is not distinct from', ids?.namespace_id ?? null)
      .where('name', '=', name)
      .executeTakeFirst();
    if (!deleted?.numDeletedRows) throw notFoundError(scope, name);
  }

  async list(project: ProjectName): Promise<readonly SecretSummary[]> {
    const rows = await this.#select(project)
      .orderBy('secret.name')
      .orderBy(sql`namespace.name NULLS FIRST`)
      .execute();
    return rows.map((row) => ({
      ...toScope(project, row.namespace),
      name: row.name as SecretName,
      digest: row.digest,
      updatedAt: row.updated_at,
    }));
  }

  async readAll(project: ProjectName, namespace: NamespaceName): Promise<Readonly<Record<string, string>>> {
    const rows = await this.#database.run<SealedSecret>(LIST_VISIBLE, [project, namespace]);
    return openSecrets(this.#cipher, project, rows);
  }

  rotateKey(): Promise<KeyRotation> {
    return rotateKey(this.#database, this.#cipher);
  }

  #select(project: ProjectName) {
    return this.#database.queries
      .selectFrom('secret')
      .innerJoin('project', 'project.id', 'secret.project_id')
      .leftJoin('namespace', 'namespace.id', 'secret.namespace_id')
      .select(['secret.name', 'secret.digest', 'secret.updated_at', 'namespace.name as namespace'])
      .where('project.name', '=', project);
  }

  #seal(
    scope: SecretScope,
    name: SecretName,
    value: string,
  ): { readonly ciphertext: Buffer; readonly digest: string } {
    return {
      ciphertext: this.#cipher.encrypt({ ...scope, name }, value),
      digest: this.#cipher.digest(value),
    };
  }

  async #getScopeIds({ project, namespace }: SecretScope): Promise<ScopeIds> {
    const { queries } = this.#database;
    const projectId = await getProjectId(queries, project);
    if (namespace === undefined) return { project_id: projectId, namespace_id: null };
    return {
      project_id: projectId,
      namespace_id: await getNamespaceId(queries, projectId, { project, namespace }),
    };
  }

  /** Undefined when the scope does not exist: then the secret does not either. */
  async #findScopeIds(scope: SecretScope): Promise<ScopeIds | undefined> {
    return await this.#getScopeIds(scope).catch((thrown: unknown) => {
      if (thrown instanceof OptimusError && thrown.kind === 'not_found') return undefined;
      throw thrown;
    });
  }
}

/** $1 project, $2 namespace. The secrets that the namespace sees, the project's first. */
const LIST_VISIBLE: Statement = {
  name: 'secret_list_visible',
  text: `
    SELECT secret.name, secret.ciphertext, namespace.name AS namespace
    FROM project JOIN secret ON secret.project_id = project.id LEFT JOIN namespace ON namespace.id = secret.namespace_id
    WHERE project.name = $1 AND (secret.namespace_id IS NULL OR namespace.name = $2)
    ORDER BY secret.namespace_id NULLS FIRST`,
};

function toScope(project: ProjectName, namespace: string | null): SecretScope {
  return namespace === null ? { project } : { project, namespace: namespace as NamespaceName };
}

function existsError(scope: SecretScope, name: SecretName): OptimusError {
  return new OptimusError('SECRET_EXISTS', {
    message: `there is a secret ${JSON.stringify(name)} already ${toPlace(scope)}`,
    hint: 'set it again with --update-only to replace its value',
    fields: { ...scope, secret: name },
  });
}

function notFoundError(scope: SecretScope, name: SecretName): OptimusError {
  return new OptimusError('SECRET_NOT_FOUND', {
    message: `there is no secret ${JSON.stringify(name)} ${toPlace(scope)}`,
    hint: 'see which there are with: optimus secret list',
    fields: { ...scope, secret: name },
  });
}

function toPlace({ project, namespace }: SecretScope): string {
  const place = `in project ${JSON.stringify(project)}`;
  return namespace === undefined ? place : `${place}, namespace ${JSON.stringify(namespace)}`;
}
