import type { Job, JobDigest, JobKey } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { JobSpec } from '../job/job-spec.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { PresetUse } from '../project/preset.ts';
import type { ProjectName } from '../project/project.ts';
import type { PlannedInstance } from '../run/run.ts';

/** A specification to store as the newest version of its job. */
export interface JobUpsert {
  readonly spec: JobSpec;
  readonly contentHash: string;
  /** The instances of the version's runs; absent: its task alone. */
  readonly instances?: readonly PlannedInstance[];
  /** The tick at which the job's next run fires; undefined when none will. Replaces the stored cursor. */
  readonly nextScheduledAt: Date | undefined;
}

/** One atomic change of a namespace's jobs. */
export interface JobChangeSet {
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
  readonly upserts: readonly JobUpsert[];
  readonly deletes: readonly JobName[];
  /** Who made the change, as given by the client; empty when unknown. */
  readonly author: string;
}

/** Which jobs a listing wants; absent fields do not filter. */
export interface JobFilter {
  readonly project?: ProjectName;
  readonly namespace?: NamespaceName;
  readonly name?: JobName;
}

/** Deployed jobs. Versions are immutable; assets are stored once per content. */
export interface JobStore {
  find(key: JobKey): Promise<Job | undefined>;
  /** A deployed job in one query, without its specification. */
  findDigest(key: JobKey): Promise<JobDigest | undefined>;
  /** A job at one of its versions, deployed or not. */
  findVersion(versionId: string): Promise<Job | undefined>;
  /** Sorted by project and name. */
  list(filter: JobFilter): Promise<readonly Job[]>;
  /** Every job of the project in one query, without specifications. */
  listDigests(project: ProjectName): Promise<readonly JobDigest[]>;
  /** The deployed jobs of the project whose windows name a preset, sorted by job. */
  listPresetUses(project: ProjectName): Promise<readonly PresetUse[]>;
  /**
   * Applies the whole change or nothing, serialised per project; announces `schedule_changed` on the change feed.
   * Runs of a deleted job that have not started are canceled; history stays.
   * @throws OptimusError `NAMESPACE_NOT_FOUND`, `JOB_NAME_TAKEN` when a name belongs to another namespace, `JOB_NOT_FOUND` when a job to delete is absent
   */
  apply(change: JobChangeSet): Promise<void>;
}
