import { type JobSpec, present } from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { loadJobs, selectJobVersions } from './job-row.ts';
import { VersionCache } from './version-cache.ts';

/** Specifications of versions, read once: everyone who asks for a version gets the same value, until it is let go. */
export class VersionSpecs {
  readonly #database: Database;
  readonly #kept = new VersionCache();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The specification of a version that exists, with its assets. */
  async get(versionId: string): Promise<JobSpec> {
    return this.#kept.find(versionId) ?? (await this.#load(versionId));
  }

  async #load(versionId: string): Promise<JobSpec> {
    const rows = await selectJobVersions(this.#database.queries)
      .where('job_version.id', '=', versionId)
      .execute();
    const [job] = await loadJobs(this.#database, rows);
    const { spec } = present(job, 'the specification of a version');
    this.#kept.keep(versionId, spec);
    return spec;
  }
}
