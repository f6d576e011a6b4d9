import { describe, expect, it } from 'vitest';
import type { InstanceRole } from './run.ts';
import type { InstanceState } from './run-state.ts';
import { type InstanceProgress, settleRun } from './settle-run.ts';

type Row = readonly [role: InstanceRole, position: number, state: InstanceState];

/** Instances named by their place in the list. */
function toInstances(rows: readonly Row[]): readonly InstanceProgress[] {
  return rows.map(([role, position, state], index) => ({
    id: String(index),
    name: `i${index}`,
    role,
    position,
    state,
    message: state === 'failed' ? 'exited with code 1' : state === 'up_for_retry' ? 'exited with code 2' : '',
  }));
}

function settle(...rows: readonly Row[]) {
  const { state, moves } = settleRun(toInstances(rows));
  return [state, ...moves.map((move) => `${move.id}:${move.state}`)];
}

describe('a run', () => {
  it.each<{ readonly what: string; readonly rows: readonly Row[]; readonly expected: readonly string[] }>([
    { what: 'succeeds with its task', rows: [['task', 0, 'success']], expected: ['success'] },
    { what: 'fails with its task', rows: [['task', 0, 'failed']], expected: ['failed'] },
    {
      what: 'begins with its first instances',
      rows: [
        ['pre', 0, 'pending'],
        ['pre', 0, 'pending'],
        ['task', 1, 'pending'],
      ],
      expected: ['running', '0:queued', '1:queued'],
    },
    {
      what: 'goes on to its task after its pre hook',
      rows: [
        ['pre', 0, 'success'],
        ['task', 1, 'pending'],
        ['fail', 2, 'pending'],
      ],
      expected: ['running', '1:queued'],
    },
    {
      what: 'waits for the hooks that still run',
      rows: [
        ['pre', 0, 'success'],
        ['pre', 0, 'running'],
        ['task', 1, 'pending'],
      ],
      expected: ['running'],
    },
    {
      what: 'waits for the hooks that still run also after a failure',
      rows: [
        ['post', 1, 'failed'],
        ['post', 1, 'running'],
        ['fail', 2, 'pending'],
      ],
      expected: ['running'],
    },
    {
      what: 'waits for a retry',
      rows: [
        ['task', 0, 'up_for_retry'],
        ['post', 1, 'pending'],
      ],
      expected: ['up_for_retry'],
    },
    {
      what: 'skips task and post hooks after a failed pre hook, and runs the fail hooks',
      rows: [
        ['pre', 0, 'failed'],
        ['task', 1, 'pending'],
        ['post', 2, 'pending'],
        ['fail', 3, 'pending'],
      ],
      expected: ['running', '3:queued', '1:skipped', '2:skipped'],
    },
    {
      what: 'runs fail hooks after a failed post hook',
      rows: [
        ['task', 0, 'success'],
        ['post', 1, 'failed'],
        ['fail', 2, 'pending'],
      ],
      expected: ['running', '2:queued'],
    },
    {
      what: 'runs fail hooks that wait for others after them',
      rows: [
        ['task', 0, 'failed'],
        ['fail', 1, 'success'],
        ['fail', 2, 'pending'],
      ],
      expected: ['running', '2:queued'],
    },
    {
      what: 'skips its fail hooks when nothing failed',
      rows: [
        ['task', 0, 'success'],
        ['post', 1, 'success'],
        ['fail', 2, 'pending'],
      ],
      expected: ['success', '2:skipped'],
    },
    {
      what: 'has failed also when its fail hooks succeed',
      rows: [
        ['task', 0, 'failed'],
        ['post', 1, 'skipped'],
        ['fail', 2, 'success'],
      ],
      expected: ['failed'],
    },
    {
      what: 'fails when a post hook failed, whatever the task did',
      rows: [
        ['task', 0, 'success'],
        ['post', 1, 'failed'],
      ],
      expected: ['failed'],
    },
  ])('$what', ({ rows, expected }) => {
    expect(settle(...rows)).toEqual(expected);
  });
});

describe('the message of a run', () => {
  it('is that of the task', () => {
    expect(settleRun(toInstances([['task', 0, 'failed']])).message).toBe('exited with code 1');
    expect(settleRun(toInstances([['task', 0, 'up_for_retry']])).message).toBe('exited with code 2');
    expect(settleRun(toInstances([['task', 0, 'success']])).message).toBe('');
  });

  it('names the hook that failed first, also while fail hooks run', () => {
    const rows: readonly Row[] = [
      ['pre', 0, 'failed'],
      ['task', 1, 'skipped'],
      ['fail', 2, 'failed'],
      ['fail', 3, 'running'],
    ];
    expect(settleRun(toInstances(rows)).message).toBe('pre hook "i0" exited with code 1');
  });
});

describe('a run whose time is limited', () => {
  const time = { limitMs: 60_000, leftMs: 0 };

  function settleIn(leftMs: number, ...rows: readonly Row[]) {
    const paused = toInstances(rows).map((one) => ({ ...one, delayMs: 1000 }));
    const { state, moves } = settleRun(paused, { ...time, leftMs });
    return [state, ...moves.map((move) => `${move.id}:${move.state}`)];
  }

  it('pauses for a retry while there is time left after the pause, and else fails at once', () => {
    expect(settleIn(1001, ['task', 0, 'up_for_retry'])).toEqual(['up_for_retry']);
    expect(settleIn(1000, ['task', 0, 'up_for_retry'])).toEqual(['failed', '0:failed']);
  });

  it('names the last reason and the time', () => {
    const { message, moves } = settleRun(toInstances([['task', 0, 'up_for_retry']]), time);
    expect(message).toBe(
      'exited with code 2; the time of its run, 1 min, is over before it could be tried again',
    );
    expect(moves).toEqual([{ id: '0', state: 'failed', message }]);
  });

  it.each<{ readonly what: string; readonly rows: readonly Row[]; readonly expected: readonly string[] }>([
    {
      what: 'fails when it waits for a slot',
      rows: [['task', 0, 'queued']],
      expected: ['failed', '0:failed'],
    },
    {
      what: 'fails when its next instances would begin',
      rows: [
        ['task', 0, 'success'],
        ['post', 1, 'pending'],
        ['post', 2, 'pending'],
        ['fail', 3, 'pending'],
      ],
      expected: ['running', '1:failed', '3:queued', '2:skipped'],
    },
    {
      what: 'waits for what still runs',
      rows: [
        ['post', 0, 'running'],
        ['post', 0, 'queued'],
        ['post', 1, 'pending'],
      ],
      expected: ['running', '1:failed'],
    },
    {
      what: 'has its fail hooks run',
      rows: [
        ['task', 0, 'failed'],
        ['fail', 1, 'up_for_retry'],
      ],
      expected: ['up_for_retry'],
    },
    {
      what: 'succeeds when all is done',
      rows: [
        ['task', 0, 'success'],
        ['fail', 1, 'pending'],
      ],
      expected: ['success', '1:skipped'],
    },
  ])('$what when its time is over', ({ rows, expected }) => {
    expect(settleIn(0, ...rows)).toEqual(expected);
  });

  it('says of what was not begun that there was no time left', () => {
    expect(settleRun(toInstances([['task', 0, 'queued']]), time).message).toBe(
      'was not begun: the time of its run, 1 min, was over',
    );
  });
});
