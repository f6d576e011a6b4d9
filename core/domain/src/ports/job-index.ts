import type { JobKey } from '../job/job.ts';
import type { JobEdge } from '../job/job-edge.ts';
import type { JobName } from '../job/job-name.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { RunState } from '../run/run-state.ts';

/** An immutable version of a job, without its specification. */
export interface JobVersion {
  readonly versionId: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** As the client gave it; empty when unknown. */
  readonly author: string;
  readonly createdAt: Date;
  readonly contentHash: string;
  /** Whether runs are planned by it now. */
  readonly isDeployed: boolean;
  /** Of the job while this was its newest version, the newest first. */
  readonly deletions: readonly VersionDeletion[];
}

/** A time in which a job was not deployed. */
export interface VersionDeletion {
  readonly deletedAt: Date;
  /** As the client gave it; empty when unknown. */
  readonly deletedBy: string;
  /** When it was deployed again; absent while it is not. */
  readonly restoredAt?: Date;
  readonly restoredBy?: string;
}

/** Which versions of a job. */
export interface VersionPage {
  /** Only those with a lower number. */
  readonly before?: number;
  readonly limit?: number;
}

/** Whose edges, and which: `upstream` those by which the jobs wait, `downstream` those by which others wait for them. */
export interface EdgeQuery {
  readonly jobs: readonly JobKey[];
  readonly direction: 'upstream' | 'downstream';
}

/** A deployed job as selectors see it. */
export interface IndexedJob {
  readonly name: JobName;
  readonly namespace: NamespaceName;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the newest run; undefined when there is none. */
  readonly lastRunState: RunState | undefined;
}

/** The jobs of a project and the edges between them. */
export interface IndexedProject {
  /** Sorted by name. */
  readonly jobs: readonly IndexedJob[];
  /** Resolved, within the project, each pair once. */
  readonly edges: ReadonlyArray<{ readonly job: JobName; readonly upstream: JobName }>;
}

/** What is asked about jobs besides their specifications: versions, edges, how a project hangs together. */
export interface JobIndex {
  /** The newest first; those of a deleted job too, none for a job that never was. */
  listVersions(key: JobKey, page?: VersionPage): Promise<readonly JobVersion[]>;
  /** Sorted by project, job and kind; jobs that are not deployed have none. */
  listEdges(query: EdgeQuery): Promise<readonly JobEdge[]>;
  /** Empty for a project that is not registered. */
  readProject(project: ProjectName): Promise<IndexedProject>;
}
