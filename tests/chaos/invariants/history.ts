import type { InstanceProgress, InstanceState, JobSpec, RunState } from '@optimus/domain';
import type { Sighting } from '../lake/read-witness.ts';
import type { CutOff } from '../stage/cut-offs.ts';

/** A run as the database has it. */
export interface RunRecord {
  readonly id: string;
  readonly jobId: string;
  readonly job: string;
  readonly namespace: string;
  readonly scheduledAt: Date;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly state: RunState;
  readonly message: string;
  readonly waitCount: number;
  /** Of the version that it is pinned to. */
  readonly spec: Pick<JobSpec, 'version' | 'schedule' | 'task' | 'hooks' | 'behavior'>;
  readonly window: { readonly start: Date; readonly end: Date };
}

/** A task or hook of a run as the database has it. */
export interface InstanceRecord extends Omit<InstanceProgress, 'state'> {
  readonly runId: string;
  readonly type: string;
  readonly state: InstanceState;
}

/** An attempt as the database has it. */
export interface AttemptRecord {
  readonly id: string;
  readonly instanceId: string;
  readonly number: number;
  readonly state: string;
  readonly exitCode: number | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

/** An event as the database has it, in the order of their ids. */
export interface EventRecord {
  readonly runId: string;
  readonly attemptId: string | null;
  readonly state: string;
}

/** What an attempt printed, by its id; undefined when there is no log. */
export type Outputs = ReadonlyMap<string, string>;

/** All that is known of a seed when its servers have stopped. */
export interface History {
  readonly runs: readonly RunRecord[];
  readonly instances: readonly InstanceRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly events: readonly EventRecord[];
  readonly sightings: readonly Sighting[];
  readonly outputs: Outputs;
  readonly cutOffs: readonly CutOff[];
  /** Jobs that somebody stepped into by hand: what follows from a cancel or a rerun is theirs. */
  readonly touched: ReadonlySet<string>;
  /** Homes whose disk was full at some time. */
  readonly fullDisks: ReadonlySet<string>;
  /** From this moment on no tick may be left out. */
  readonly liveSince: Date;
  /** From this moment on no fault kept anybody from planning. */
  readonly calmSince: Date;
}

/** How badly an invariant is broken: work that did not happen, work that happened twice, or anything else that is not as it must be. */
export type Damage = 'lost' | 'doubled' | 'broken';

/** A broken invariant. */
export interface Violation {
  readonly damage: Damage;
  readonly invariant: string;
  readonly evidence: string;
}

/** Names an invariant and what breaks it. */
export function toViolations(
  damage: Damage,
  invariant: string,
  evidence: readonly string[],
): readonly Violation[] {
  return evidence.map((one) => ({ damage, invariant, evidence: one }));
}
