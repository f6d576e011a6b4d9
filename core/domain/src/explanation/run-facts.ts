import type { ErrorCode } from '../error/error-code.ts';
import type { JobKey } from '../job/job.ts';
import type { JobSpec, WindowPreset } from '../job/job-spec.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { OutcomeName } from '../run/attempt-outcome.ts';
import type { Attempt, Instance, Run, RunKey } from '../run/run.ts';
import type { ProbeKind } from '../run/run-probe.ts';
import type { RunState } from '../run/run-state.ts';

// What explaining a run rests on: what the store knows at one moment, nothing concluded yet.

/** A job, deployed or deleted, with its cursor and the limits that hold for it. */
export interface JobFacts extends JobKey {
  /** The moment of all facts, by the database's clock. */
  readonly now: Date;
  readonly jobId: string;
  readonly namespace: NamespaceName;
  readonly deletedAt: Date | undefined;
  /** The newest version: what is deployed, unless the job is deleted. */
  readonly version: { readonly number: number; readonly deployedAt: Date };
  readonly spec: Omit<JobSpec, 'assets'>;
  /** The preset that its window names, as the project has it now. */
  readonly presets: Readonly<Record<string, WindowPreset>>;
  readonly isPaused: boolean;
  /** The cursor of its schedule. */
  readonly nextScheduledAt: Date | undefined;
  /** The newest tick that was planned. */
  readonly lastScheduledAt: Date | undefined;
  /** `MAX_ACTIVE_RUNS` of its namespace and project. */
  readonly limits: { readonly namespace: number | undefined; readonly project: number | undefined };
  /** Until when a server leads the planning, in the past when its server is silent; undefined when none does. */
  readonly leadUntil: Date | undefined;
  /** The newest tick of which retention has removed the run; undefined when it removed none. */
  readonly removedUntil: Date | undefined;
}

/** An attempt with the server that holds it. */
export interface AttemptFacts extends Attempt {
  readonly hostId: string;
  readonly leaseExpiresAt: Date;
  /** When it is asked to end, whether its own time is over then or that of its run; undefined: it may take as long as it does. */
  readonly deadlineAt: Date | undefined;
  /** Undefined while it lives, and of attempts that ended before outcomes were kept. */
  readonly outcome: OutcomeName | undefined;
  /** Of the error for which it was refused. */
  readonly errorCode: ErrorCode | undefined;
}

/** A task or hook of a run, with its newest attempts. */
export interface InstanceFacts extends Omit<Instance, 'attempts'> {
  readonly position: number;
  /** When it may be claimed. */
  readonly readyAt: Date;
  /** Why it failed or is to be tried again. */
  readonly message: string;
  /** Attempts so far since the run began or was last rerun. */
  readonly tries: number;
  /** Oldest first, at most {@link MOST_ATTEMPTS}. */
  readonly attempts: readonly AttemptFacts[];
}

/** So many attempts of an instance are shown, the newest. */
export const MOST_ATTEMPTS = 10;

/** An endpoint that has to answer before the run begins, or a job of another server whose runs have to succeed. */
export interface ProbeFacts {
  readonly kind: ProbeKind;
  readonly name: string;
  /** What is asked, without its query. */
  readonly target: string;
  readonly tries: number;
  /** What came of the last try; empty before the first one has ended. */
  readonly outcome: string;
  readonly nextProbeAt: Date;
}

/** A run with what its version says of it. */
export interface RunFacts extends Run {
  readonly version: { readonly number: number; readonly deployedAt: Date };
  /** Attempts that its version allows an instance. */
  readonly maxTries: number;
  readonly instances: readonly InstanceFacts[];
  /** Whether it has yet to be admitted: its job is paused, or has as many runs under way as it may. */
  readonly isHeld: boolean;
  /** What it still asks for beyond the jobs of this server, at most ten. */
  readonly probes: readonly ProbeFacts[];
  /** Other runs of the job that are not over, counted to 1,000. */
  readonly othersUnfinished: number;
}

/** How long the job's last successful runs took; medians. */
export interface UsualTimes {
  /** Of how many runs. */
  readonly runs: number;
  /** From the first attempt to the end, in ms. */
  readonly durationMs: number;
  /** From the tick to the first attempt, in ms, of runs that were planned when they came due; undefined when none was. */
  readonly delayMs: number | undefined;
}

/** Runs under way. */
export interface ActiveRuns {
  /** Counted to 1,000. */
  readonly count: number;
  /** At most five of them. */
  readonly runs: readonly RunKey[];
}

/** A pool, and what has its slots. */
export interface PoolFacts {
  /** Of the configuration: `POOL_WAREHOUSE`. */
  readonly key: string;
  /** Its slots in the namespace and in the project; undefined: as many as are wanted. */
  readonly sizes: { readonly namespace: number | undefined; readonly project: number | undefined };
  /** Runs whose attempts have slots in the namespace and in the project, one for each attempt. */
  readonly active: { readonly namespace: ActiveRuns; readonly project: ActiveRuns };
}

/** What goes on around a run. */
export interface RunSurroundings {
  /** Undefined when there are fewer than three runs to learn from. */
  readonly usual: UsualTimes | undefined;
  /** Attempts that run at the moment, on all servers. */
  readonly liveAttempts: number;
  /** Instances of the namespace that are ready and come before the run's own. */
  readonly before: ActiveRuns;
  /** The pool of the instance that waits for its turn; undefined when it has none. */
  readonly pool: PoolFacts | undefined;
  readonly active: {
    readonly job: ActiveRuns;
    readonly namespace: ActiveRuns;
    readonly project: ActiveRuns;
  };
}

/** That one run waits for another. */
export interface WaitEdge {
  /** The run that waits. */
  readonly runId: string;
  readonly upstream: RunKey;
  readonly upstreamJobId: string;
  /** Undefined while there is no such run. */
  readonly upstreamRunId: string | undefined;
  readonly state: RunState | undefined;
  /** Whether it is the waiting run's own job. */
  readonly isPast: boolean;
  /** Whether the upstream is paused or deleted: without a run, it will get none. */
  readonly isHalted: boolean;
}

/** So many waits are followed. */
export const MOST_WAITS = 2_000;
