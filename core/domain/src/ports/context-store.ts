import type { Job } from '../job/job.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { Project } from '../project/project.ts';
import type { Run, RunKey } from '../run/run.ts';

/** What the context of one tick of a job is made of, all of it as it was at one instant. */
export interface ContextSource {
  /** At the version of its run; as it is deployed when the tick has none. */
  readonly job: Job;
  readonly project: Project;
  readonly namespace: Namespace;
  /** Decrypted values visible to the namespace, as `SecretStore.readAll` has them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Undefined for a tick without one. */
  readonly run: Run | undefined;
  /** The time by the database: servers' clocks need not agree. */
  readonly now: Date;
}

/** Sources of contexts. Every task and hook asks when it starts, so it is one round trip. */
export interface ContextStore {
  /**
   * Undefined unless the job is deployed or its run at the tick is under way: a run sees its job through, also when that is deleted
   * meanwhile. @throws OptimusError `SECRET_UNREADABLE`
   */
  findSource(key: RunKey): Promise<ContextSource | undefined>;
}
