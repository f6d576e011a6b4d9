import type { Job, JobDigest, JobKey } from '../job/job.ts';
import type { JobEdge, JobResources, NeededJob } from '../job/job-edge.ts';
import type { JobName } from '../job/job-name.ts';
import type { JobSpec } from '../job/job-spec.ts';
import type { RefusedJob } from '../job/job-spec-problem.ts';
import type { Namespace, NamespaceName } from '../namespace/namespace.ts';
import type { PresetUse } from '../project/preset.ts';
import type { Project, ProjectName } from '../project/project.ts';
import type { PlannedInstance } from '../run/run.ts';

/** A specification to store as the newest version of its job. */
export interface JobUpsert {
  readonly namespace: NamespaceName;
  readonly spec: JobSpec;
  readonly contentHash: string;
  /** The instances of the version's runs; absent: its task alone. */
  readonly instances?: readonly PlannedInstance[];
  /** The tick at which the job's next run fires; undefined when none will. Replaces the stored cursor. */
  readonly nextScheduledAt: Date | undefined;
  /** What the job writes and reads: its edges to other jobs follow from it and from the named dependencies. */
  readonly resources: JobResources;
  /** The namespace that the job leaves for its new one. Absent: a job of another namespace is not touched. */
  readonly movedFrom?: NamespaceName;
}

/** A deployed job to delete. */
export interface JobDeletion {
  readonly namespace: NamespaceName;
  readonly name: JobName;
}

/** One atomic change of a project's jobs. */
export interface JobChangeSet {
  readonly project: ProjectName;
  readonly upserts: readonly JobUpsert[];
  readonly deletes: readonly JobDeletion[];
  /** Who made the change, as given by the client; empty when unknown. */
  readonly author: string;
  /**
   * The content hashes upon which the change was planned, by job; undefined for a job that was not deployed. Jobs that are not
   * listed may have changed meanwhile.
   */
  readonly basis?: ReadonlyMap<JobName, string | undefined>;
  /** Jobs that are to come but are not among the upserts: waiting for one of them is no mistake. */
  readonly pending?: readonly JobName[];
  /** What is registered or replaced before the jobs are changed, as part of the change. */
  readonly registration?: { readonly project: Project; readonly namespaces: readonly Namespace[] };
}

/** How a change is made. */
export interface ApplyOptions {
  /** Work out the outcome, and store nothing. */
  readonly isDryRun?: boolean;
  /** Delete jobs even when others need them: those wait for a job that is not there. */
  readonly isForced?: boolean;
}

/** What several deployed jobs write. */
export interface SharedDestination {
  readonly urn: string;
  /** `project/job`, sorted, a few of them. */
  readonly writers: readonly string[];
  /** At least 2. */
  readonly count: number;
}

/** What a change did, or would do. When any job is refused, nothing is stored. */
export interface JobChangeOutcome {
  /** The project's revision after the change; before it, when nothing is stored. */
  readonly revision: string;
  /** The revision that the change found. */
  readonly revisionBefore: string;
  /** Jobs whose dependencies cannot be: unknown names, circles, deletions of jobs that others need. */
  readonly refused: readonly RefusedJob[];
  /** Edges that came into being and that ceased, of any job: also those of jobs that wait for a changed one. */
  readonly gained: readonly JobEdge[];
  readonly lost: readonly JobEdge[];
  /** Jobs of any project that wait for a changed one, directly or not, and are not changed themselves. */
  readonly downstream: readonly NeededJob[];
  /** Of what the changed jobs write, that which other jobs of any project write, too; sorted. */
  readonly shared: readonly SharedDestination[];
}

/** Which jobs a listing wants; absent fields do not filter. */
export interface JobFilter {
  readonly project?: ProjectName;
  readonly namespace?: NamespaceName;
  readonly name?: JobName;
  readonly names?: readonly JobName[];
  /** URN of what the job writes. */
  readonly destination?: string;
}

/** The digests of a project's jobs at one revision. */
export interface JobDigests {
  readonly revision: string;
  readonly digests: readonly JobDigest[];
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
  /** Jobs of the project in one query, without specifications: all of them, or those with the names. */
  listDigests(project: ProjectName, names?: readonly JobName[]): Promise<readonly JobDigest[]>;
  /** All digests and the revision they are of; undefined when the project is still at the known revision. @throws OptimusError `PROJECT_NOT_FOUND` */
  readRevision(project: ProjectName, known?: string): Promise<JobDigests | undefined>;
  /** The deployed jobs of the project whose windows name a preset, sorted by job. */
  listPresetUses(project: ProjectName): Promise<readonly PresetUse[]>;
  /**
   * Applies the whole change or nothing, serialised per project; announces `schedule_changed` on the change feed.
   * Runs of a deleted job that have not started are canceled; history stays. An edge whose producer appears or goes is resolved anew
   * with it, in any project.
   * @throws OptimusError `NAMESPACE_NOT_FOUND`, `JOB_NAME_TAKEN` when a name belongs to another namespace, `JOB_NOT_FOUND` when a job to delete is absent, `VERSION_CONFLICT` when a job differs from the basis
   */
  apply(change: JobChangeSet, options?: ApplyOptions): Promise<JobChangeOutcome>;
}
