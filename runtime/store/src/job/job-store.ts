import type {
  Job,
  JobChangeSet,
  JobDigest,
  JobFilter,
  JobKey,
  JobStore,
  PresetUse,
  ProjectName,
} from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { applyJobChange } from './apply-job-change.ts';
import { type DigestRow, loadJobs, selectJobVersions, toDigest } from './job-row.ts';
import { FIND_DIGEST, LIST_PRESET_USES } from './job-statements.ts';

/** Jobs in PostgreSQL. */
export class PostgresJobStore implements JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(key: JobKey): Promise<Job | undefined> {
    const [job] = await this.list({ project: key.project, name: key.job });
    return job;
  }

  async findDigest(key: JobKey): Promise<JobDigest | undefined> {
    const [row] = await this.#database.run<DigestRow>(FIND_DIGEST, [key.project, key.job]);
    return row && toDigest(row);
  }

  async findVersion(versionId: string): Promise<Job | undefined> {
    if (!isId(versionId)) return undefined;
    const rows = await selectJobVersions(this.#database.queries)
      .where('job_version.id', '=', versionId)
      .execute();
    return (await loadJobs(this.#database, rows))[0];
  }

  async list(filter: JobFilter): Promise<readonly Job[]> {
    let query = selectJobVersions(this.#database.queries)
      .whereRef('job_version.id', '=', 'job.version_id')
      .where('job.deleted_at', 'is', null);
    if (filter.project !== undefined) query = query.where('project.name', '=', filter.project);
    if (filter.namespace !== undefined) query = query.where('namespace.name', '=', filter.namespace);
    if (filter.name !== undefined) query = query.where('job.name', '=', filter.name);
    const rows = await query.orderBy('project.name').orderBy('job.name').execute();
    return await loadJobs(this.#database, rows);
  }

  async listDigests(project: ProjectName): Promise<readonly JobDigest[]> {
    const rows = await this.#database.queries
      .selectFrom('job')
      .innerJoin('project', 'project.id', 'job.project_id')
      .innerJoin('namespace', 'namespace.id', 'job.namespace_id')
      .innerJoin('job_version', 'job_version.id', 'job.version_id')
      .leftJoin('job_schedule', 'job_schedule.job_id', 'job.id')
      .select([
        'job.name',
        'namespace.name as namespace',
        'job_version.content_hash',
        'job_schedule.last_scheduled_at',
      ])
      .where('project.name', '=', project)
      .where('job.deleted_at', 'is', null)
      .orderBy('job.name')
      .execute();
    return rows.map(toDigest);
  }

  async listPresetUses(project: ProjectName): Promise<readonly PresetUse[]> {
    return await this.#database.run<PresetUse>(LIST_PRESET_USES, [project]);
  }

  async apply(change: JobChangeSet): Promise<void> {
    await this.#database.transact((transaction) => applyJobChange(transaction, change));
  }
}

/** Whether a text can be an id at all: the database would refuse anything else as malformed rather than absent. */
function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
