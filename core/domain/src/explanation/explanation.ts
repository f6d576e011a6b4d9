import type { JobKey } from '../job/job.ts';
import type { RunState } from '../run/run-state.ts';
import type { Advice } from './advice.ts';
import { RUN_CAUSES, type RunCause, type Verdict } from './run-cause.ts';

/** One thing that the store knows and that the sentence rests on. */
export interface Evidence {
  /** What it is about, in a word or two: `waits for`, `attempt 2`. */
  readonly subject: string;
  readonly text: string;
}

/** Why a run is where it is, without the words around it. */
export interface Finding {
  readonly cause: RunCause;
  readonly verdict: Verdict;
  /** What the run does or suffers, to be put after its name: `failed: task "neo" exited with code 1`. */
  readonly clause: string;
  readonly evidence: readonly Evidence[];
  /** The most probable remedy first; none when there is nothing to do. */
  readonly advice: readonly Advice[];
}

/** A finding of the cause, of a run that is not late. */
export function makeFinding(cause: RunCause, rest: Omit<Finding, 'cause' | 'verdict'>): Finding {
  return { cause, verdict: RUN_CAUSES[cause], ...rest };
}

/** The run at which a chain of waiting runs begins: the one that is not itself waiting for others. */
export interface RootRun extends JobKey {
  readonly scheduledAt: Date;
  readonly cause: RunCause;
}

/** Why a run is where it is: a sentence, what it rests on, and what to do. */
export interface Explanation extends JobKey {
  /** Absent: neither asked for nor to be found. */
  readonly scheduledAt: Date | undefined;
  /** Undefined when the tick has no run. */
  readonly state: RunState | undefined;
  readonly verdict: Verdict;
  readonly cause: RunCause;
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly advice: readonly Advice[];
  /** When it should be over, by what its last runs took; undefined when they do not say. */
  readonly expectedBy: Date | undefined;
  /** For a run that waits for others: where that begins. */
  readonly root: RootRun | undefined;
}
