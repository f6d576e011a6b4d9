import { describe, expect, it } from 'vitest';
import { decideNextStep, MAX_LOST, toOutcomeMessage } from './attempt-outcome.ts';

const policy = { count: 2, delayMs: 1000, exponentialBackoff: false };
const failure = { kind: 'exited', exitCode: 3 } as const;
const lost = { kind: 'lost', message: 'the process is gone' } as const;

describe('after an attempt', () => {
  it('succeeds on exit code 0', () => {
    expect(decideNextStep({ kind: 'exited', exitCode: 0 }, { failed: 2, lost: 5 }, policy)).toEqual({
      kind: 'success',
    });
  });

  it('tries again as often as the policy says, then fails', () => {
    const steps = [0, 1, 2].map((failed) => decideNextStep(failure, { failed, lost: 0 }, policy).kind);
    expect(steps).toEqual(['retry', 'retry', 'failed']);
  });

  it('fails at once when the policy has no retries', () => {
    const step = decideNextStep(failure, { failed: 0, lost: 0 }, { ...policy, count: 0 });
    expect(step).toEqual({ kind: 'failed', message: 'exited with code 3' });
  });

  it('waits the delay of the policy, doubled each time when it backs off, a day at most', () => {
    const delays = (failed: number, exponentialBackoff: boolean): unknown =>
      decideNextStep(failure, { failed, lost: 0 }, { count: 99, delayMs: 1000, exponentialBackoff });
    expect(delays(1, false)).toMatchObject({ delayMs: 1000 });
    expect([0, 1, 2].map((failed) => delays(failed, true))).toMatchObject([
      { delayMs: 1000 },
      { delayMs: 2000 },
      { delayMs: 4000 },
    ]);
    expect(delays(98, true)).toMatchObject({ delayMs: 86_400_000 });
  });

  it('makes a lost attempt good without using up a try', () => {
    const step = decideNextStep(lost, { failed: 2, lost: 0 }, policy);
    expect(step).toEqual({ kind: 'retry', delayMs: 0, message: 'the process is gone' });
  });

  it('fails an instance that gets lost again and again', () => {
    expect(decideNextStep(lost, { failed: 0, lost: MAX_LOST - 1 }, policy).kind).toBe('retry');
    expect(decideNextStep(lost, { failed: 0, lost: MAX_LOST }, policy).kind).toBe('failed');
  });

  it('counts a refused start as a failure', () => {
    const refused = { kind: 'refused', message: 'no such image' } as const;
    expect(decideNextStep(refused, { failed: 2, lost: 0 }, policy)).toEqual({
      kind: 'failed',
      message: 'no such image',
    });
  });
});

it('says how an attempt ended', () => {
  expect(toOutcomeMessage({ kind: 'exited', exitCode: 0 })).toBe('');
  expect(toOutcomeMessage({ kind: 'signaled', signal: 'SIGKILL' })).toBe('was ended by signal SIGKILL');
  expect(toOutcomeMessage({ kind: 'signaled', signal: 'SIGKILL', isOutOfMemory: true })).toBe(
    'was ended by signal SIGKILL: it used more memory than its limit',
  );
});
