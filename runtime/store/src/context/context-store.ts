import type { ContextSource, ContextStore, NamespaceName, RunKey } from '@optimus/domain';
import type { Database, Statement } from '../database/database.ts';
import { type JobHeadRow, toJob } from '../job/job-row.ts';
import { HEAD_COLUMNS } from '../job/job-statements.ts';
import type { VersionSpecs } from '../job/version-specs.ts';
import { type ProjectRow, toProject } from '../project/project-row.ts';
import { type RunRow, toRun } from '../run/run-row.ts';
import type { SecretCipher } from '../secret/secret-cipher.ts';
import { openSecrets, type SealedSecret } from '../secret/visible-secrets.ts';

/** Sources of contexts in PostgreSQL: one statement, and one version's specification the first time that it is asked for. */
export class PostgresContextStore implements ContextStore {
  readonly #database: Database;
  readonly #specs: VersionSpecs;
  readonly #cipher: SecretCipher;

  constructor(database: Database, specs: VersionSpecs, cipher: SecretCipher) {
    this.#database = database;
    this.#specs = specs;
    this.#cipher = cipher;
  }

  async findSource({ project, job, scheduledAt }: RunKey): Promise<ContextSource | undefined> {
    const [row] = await this.#database.run<SourceRow>(FIND_SOURCE, [project, job, scheduledAt]);
    if (!row) return undefined;
    const found = toJob(row, await this.#specs.get(row.version_id));
    return {
      job: found,
      project: toProject({ name: row.project, config: row.project_config, presets: row.presets }),
      namespace: { project, name: found.namespace, config: row.namespace_config },
      secrets: openSecrets(this.#cipher, project, toSealed(row)),
      run: row.run_id === null ? undefined : toRun(toRunRow(row, row.run_id, job)),
      now: row.now,
    };
  }
}

interface SourceRow extends JobHeadRow, Omit<RunRow, 'id' | 'project' | 'namespace' | 'job'> {
  /** Null for a tick without a run, and then every other column of the run is. */
  readonly run_id: string | null;
  readonly run_namespace: NamespaceName;
  readonly project_config: ProjectRow['config'];
  readonly presets: ProjectRow['presets'];
  readonly namespace_config: ProjectRow['config'];
  /** Name, ciphertext in hexadecimal, and whether it is the namespace's; the project's come first. */
  readonly secrets: readonly (readonly [name: string, ciphertext: string, isOwn: boolean])[];
  readonly now: Date;
}

/** $1 project, $2 job, $3 scheduled at. One row when the job is deployed or its run is under way. */
const FIND_SOURCE: Statement = {
  name: 'context_find_source',
  text: `
    SELECT ${HEAD_COLUMNS}, project.config AS project_config, project.presets, namespace.config AS namespace_config,
      run.id AS run_id, run.job_id, run_namespace.name AS run_namespace, run.scheduled_at, run.window_start, run.window_end,
      run.window_location, run.state, run.execution_time, run.started_at, run.finished_at, run.message, now() AS now,
      coalesce((
        SELECT json_agg(json_build_array(secret.name, encode(secret.ciphertext, 'hex'), secret.namespace_id IS NOT NULL)
          ORDER BY secret.namespace_id NULLS FIRST)
        FROM secret WHERE secret.project_id = project.id
          AND (secret.namespace_id IS NULL OR secret.namespace_id = namespace.id)
      ), '[]') AS secrets
    FROM project JOIN job ON job.project_id = project.id JOIN namespace ON namespace.id = job.namespace_id
    LEFT JOIN run ON run.job_id = job.id AND run.scheduled_at = $3
    LEFT JOIN namespace run_namespace ON run_namespace.id = run.namespace_id
    JOIN job_version ON job_version.id = coalesce(run.version_id, job.version_id)
    WHERE project.name = $1 AND job.name = $2 AND (job.deleted_at IS NULL OR run.state = 'running')`,
};

function toSealed({ secrets, namespace }: SourceRow): readonly SealedSecret[] {
  return secrets.map(([name, ciphertext, isOwn]) => ({
    name,
    ciphertext: Buffer.from(ciphertext, 'hex'),
    namespace: isOwn ? namespace : null,
  }));
}

function toRunRow(row: SourceRow, id: string, job: string): RunRow {
  return { ...row, id, namespace: row.run_namespace, job };
}
