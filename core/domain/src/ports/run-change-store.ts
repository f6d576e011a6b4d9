import type { JobKey } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { InstanceType, RunKey } from '../run/run.ts';
import type { JobEvent } from '../run/run-event.ts';
import type { RunState } from '../run/run-state.ts';

/** The attempt by which a run changed. */
export interface ChangedAttempt {
  readonly id: string;
  readonly instance: { readonly type: InstanceType; readonly name: string };
  readonly number: number;
}

/** One committed change of a run. A run that goes on with another attempt changes from `running` to `running`. */
export interface RunChange extends RunKey {
  /** Grows with every change of one run; among runs it says nothing about order. */
  readonly id: string;
  readonly runId: string;
  readonly namespace: NamespaceName;
  readonly state: RunState;
  /** Undefined for the first change of a run. */
  readonly previousState: RunState | undefined;
  /** Why, for people; empty when the state says all. */
  readonly message: string;
  readonly changedAt: Date;
  readonly attempt: ChangedAttempt | undefined;
  /** What somebody outside the scheduler said; absent for what the scheduler did itself. The state is then that of before. */
  readonly event?: JobEvent;
}

/**
 * How far a reader has come: exactly which changes it has seen. Opaque text that fits into a header; it stays good over restarts
 * of servers and of the database, for as long as {@link RunChangeStore.read} says.
 */
export type RunChangePosition = string;

/** Which changes to read. */
export interface RunChangeFilter {
  readonly project?: ProjectName;
  readonly namespace?: NamespaceName;
  readonly job?: JobName;
}

/** What to read. */
export interface RunChangeQuery extends RunChangeFilter {
  readonly after: RunChangePosition;
  /** Only what whoever was there has seen: a later position. Needed with a filter. */
  readonly until?: RunChangePosition;
  readonly limit: number;
}

/** Changes, each with the position of a reader that has seen it and all before it. */
export interface RunChangePage {
  readonly changes: readonly { readonly change: RunChange; readonly position: RunChangePosition }[];
  /** Where a reader of the page is. */
  readonly position: RunChangePosition;
  /** Whether there was nothing more to read. */
  readonly isLast: boolean;
}

/** Changes of runs as they were committed. Whoever reads on from position to position sees each once, whatever commits meanwhile. */
export interface RunChangeStore {
  /** The position of a reader that has seen everything up to now. */
  readNewest(): Promise<RunChangePosition>;
  /**
   * Changes of one run come in order.
   * @throws OptimusError `REQUEST_INVALID` for what is no position, `RUN_CHANGES_GONE` for one of another database, or so old that
   * changes after it may have been removed
   */
  read(query: RunChangeQuery): Promise<RunChangePage>;
  /** The changes of one run in order, those after the change `afterId`; empty when there is no such run. */
  listOf(
    key: RunKey,
    query: { readonly afterId?: string; readonly limit: number },
  ): Promise<readonly RunChange[]>;
  /** Keeps the event with those runs of the job that there are; answers how many. Announces `run_changed`. */
  register(key: JobKey, scheduledAt: readonly Date[], event: JobEvent): Promise<number>;
}
