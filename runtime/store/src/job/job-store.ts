import {
  type ApplyOptions,
  type Job,
  type JobChangeOutcome,
  type JobChangeSet,
  type JobDigest,
  type JobDigests,
  type JobFilter,
  type JobKey,
  type JobName,
  type JobStore,
  type PresetUse,
  type ProjectName,
} from '@optimus/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { projectNotFound } from '../project/tenant-id.ts';
import { applyJobChange } from './apply-job-change.ts';
import { type DigestRow, type JobHeadRow, loadJobs, selectJobVersions, toDigest, toJob } from './job-row.ts';
import {
  FIND_DEPLOYED,
  FIND_DIGEST,
  FIND_PROJECT,
  FIND_VERSION,
  LIST_DIGESTS,
  LIST_PRESET_USES,
} from './job-statements.ts';
import type { VersionSpecs } from './version-specs.ts';

/** Jobs in PostgreSQL. */
export class PostgresJobStore implements JobStore {
  readonly #database: Database;
  readonly #specs: VersionSpecs;

  constructor(database: Database, specs: VersionSpecs) {
    this.#database = database;
    this.#specs = specs;
  }

  async find(key: JobKey): Promise<Job | undefined> {
    const [row] = await this.#database.run<JobHeadRow>(FIND_DEPLOYED, [key.project, key.job]);
    return row && this.#withSpec(row);
  }

  async findDigest(key: JobKey): Promise<JobDigest | undefined> {
    const [row] = await this.#database.run<DigestRow>(FIND_DIGEST, [key.project, key.job]);
    return row && toDigest(row);
  }

  async findVersion(versionId: string): Promise<Job | undefined> {
    if (!isId(versionId)) return undefined;
    const [row] = await this.#database.run<JobHeadRow>(FIND_VERSION, [versionId]);
    return row && this.#withSpec(row);
  }

  async list(filter: JobFilter): Promise<readonly Job[]> {
    let query = selectJobVersions(this.#database.queries)
      .whereRef('job_version.id', '=', 'job.version_id')
      .where('job.deleted_at', 'is', null);
    if (filter.project !== undefined) query = query.where('project.name', '=', filter.project);
    if (filter.namespace !== undefined) query = query.where('namespace.name', '=', filter.namespace);
    if (filter.name !== undefined) query = query.where('job.name', '=', filter.name);
    if (filter.names !== undefined)
      query = query.where('job.name', '=', sql<string>`ANY(${filter.names}::text[])`);
    if (filter.destination !== undefined) query = query.where('job.destination', '=', filter.destination);
    const rows = await query.orderBy('project.name').orderBy('job.name').execute();
    return await loadJobs(this.#database, rows);
  }

  async listDigests(project: ProjectName, names?: readonly JobName[]): Promise<readonly JobDigest[]> {
    const [id] = await this.#database.run<{ id: string }>(FIND_PROJECT, [project]);
    return id ? this.#listDigests(id.id, names) : [];
  }

  async readRevision(project: ProjectName, known?: string): Promise<JobDigests | undefined> {
    const [row] = await this.#database.run<{ id: string; job_revision: string }>(FIND_PROJECT, [project]);
    if (!row) throw projectNotFound(project);
    if (row.job_revision === known) return undefined;
    // Read after the revision: digests newer than it are told again next time, older ones would be missed for ever.
    return { revision: row.job_revision, digests: await this.#listDigests(row.id) };
  }

  async #listDigests(projectId: string, names?: readonly JobName[]): Promise<readonly JobDigest[]> {
    const rows = await this.#database.run<DigestRow>(LIST_DIGESTS, [projectId, names ?? null]);
    return rows.map(toDigest);
  }

  async listPresetUses(project: ProjectName): Promise<readonly PresetUse[]> {
    return await this.#database.run<PresetUse>(LIST_PRESET_USES, [project]);
  }

  async apply(change: JobChangeSet, options: ApplyOptions = {}): Promise<JobChangeOutcome> {
    const isDryRun = options.isDryRun ?? false;
    try {
      return await this.#database.transact(async (transaction) => {
        const outcome = await applyJobChange(transaction, change, options);
        if (isDryRun || outcome.refused.length > 0) throw new NothingStored(outcome);
        return outcome;
      });
    } catch (thrown) {
      if (thrown instanceof NothingStored) return thrown.outcome;
      throw thrown;
    }
  }

  async #withSpec(row: JobHeadRow): Promise<Job> {
    return toJob(row, await this.#specs.get(row.version_id));
  }
}

/** Rolls a transaction back that has said what it would do. */
class NothingStored {
  readonly outcome: JobChangeOutcome;

  constructor(outcome: JobChangeOutcome) {
    this.outcome = outcome;
  }
}

/** Whether a text can be an id at all: the database would refuse anything else as malformed rather than absent. */
function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
