import type { ErrorCode } from '../error/error-code.ts';
import type { RetryPolicy } from '../job/job-spec.ts';

/** How an attempt ended, as its executor saw it. */
export type AttemptOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `isOutOfMemory`: the system ended it because it used more memory than it was allowed. */
  | { readonly kind: 'signaled'; readonly signal: string; readonly isOutOfMemory?: true }
  /** It could not be started, or its context could not be made. `code`: of the error that says so. */
  | { readonly kind: 'refused'; readonly message: string; readonly code?: ErrorCode }
  /** Nothing was started: its hook's `when` says that it is not needed. */
  | { readonly kind: 'skipped'; readonly message: string }
  /** It was ended because its time was over; `isRunOver`: that of its whole run. */
  | { readonly kind: 'timed_out'; readonly message: string; readonly isRunOver: boolean }
  /** Its executor no longer knows of it. */
  | { readonly kind: 'lost'; readonly message: string };

/** What becomes of the instance and its run after an attempt ended. */
export type NextStep =
  | { readonly kind: 'success' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** The longest pause between two attempts. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** How the attempts of an instance before this one ended: the answer of `RunStore.countEnded`. */
export interface EarlierAttempts {
  readonly failed: number;
  readonly lost: number;
}

/**
 * Decides what follows an ended attempt. Pure.
 * A lost attempt does not consume a try of the policy's, up to {@link MAX_LOST} of them: the task is not to blame for a dead machine.
 */
export function decideNextStep(
  outcome: AttemptOutcome,
  earlier: EarlierAttempts,
  policy: RetryPolicy,
): NextStep {
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return { kind: 'success' };
  const message = toOutcomeMessage(outcome);
  if (outcome.kind === 'skipped') return { kind: 'skipped', message };
  if (outcome.kind === 'lost') {
    return earlier.lost < MAX_LOST ? { kind: 'retry', delayMs: 0, message } : { kind: 'failed', message };
  }
  if (outcome.kind === 'timed_out' && outcome.isRunOver) return { kind: 'failed', message };
  return earlier.failed < policy.count
    ? { kind: 'retry', delayMs: toRetryDelay(policy, earlier.failed), message }
    : { kind: 'failed', message };
}

/** How long a task may take to end by itself when it is asked to; then it is made to. */
export const ENDING_GRACE_MS = 10_000;

/** How many lost attempts of one instance are made good before it fails. */
export const MAX_LOST = 5;

/** How an attempt ended, in one word: what is kept of its outcome besides the sentence. */
export type OutcomeName =
  | 'exited'
  | 'signaled'
  | 'out_of_memory'
  | 'refused'
  | 'skipped'
  | 'timed_out'
  | 'run_timed_out'
  | 'lost';

/** The word for an outcome. */
export function toOutcomeName(outcome: AttemptOutcome): OutcomeName {
  if (outcome.kind === 'signaled') return outcome.isOutOfMemory ? 'out_of_memory' : 'signaled';
  if (outcome.kind === 'timed_out') return outcome.isRunOver ? 'run_timed_out' : 'timed_out';
  return outcome.kind;
}

/** One sentence for people. */
export function toOutcomeMessage(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return outcome.exitCode === 0 ? '' : `exited with code ${outcome.exitCode}`;
    case 'signaled':
      return outcome.isOutOfMemory
        ? `was ended by signal ${outcome.signal}: it used more memory than its limit`
        : `was ended by signal ${outcome.signal}`;
    case 'refused':
    case 'skipped':
    case 'timed_out':
    case 'lost':
      return outcome.message;
  }
}

function toRetryDelay(policy: RetryPolicy, earlierFailures: number): number {
  const factor = policy.exponentialBackoff ? 2 ** Math.min(earlierFailures, 30) : 1;
  return Math.min(policy.delayMs * factor, MAX_DELAY_MS);
}
