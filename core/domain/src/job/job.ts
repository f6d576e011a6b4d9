import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';

/** The address of a job: names are unique within a project. */
export interface JobKey {
  readonly project: ProjectName;
  readonly job: JobName;
}

/** A deployed job at one version of its specification. */
export interface Job {
  /** Surrogate id of the job, stable over versions. */
  readonly id: string;
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
  readonly spec: JobSpec;
  /** Id of the immutable version that `spec` is. */
  readonly versionId: string;
  /** 1 for the first version of the job. */
  readonly versionNumber: number;
  /** {@link toJobContentHash} of `spec`. */
  readonly contentHash: string;
  readonly updatedAt: Date;
}

/** What deploy compares: one row a job, without its specification. */
export interface JobDigest {
  readonly name: JobName;
  readonly namespace: NamespaceName;
  readonly contentHash: string;
  /** The newest tick that was planned, if any. */
  readonly lastScheduledAt: Date | undefined;
}
