import { describe, expect, it } from 'vitest';
import { toEndTime, toOutcome } from './container-outcome.ts';

it.each([
  [0, false, { kind: 'exited', exitCode: 0 }],
  [3, false, { kind: 'exited', exitCode: 3 }],
  [143, false, { kind: 'signaled', signal: 'SIGTERM' }],
  [137, false, { kind: 'signaled', signal: 'SIGKILL' }],
  [137, true, { kind: 'signaled', signal: 'SIGKILL', isOutOfMemory: true }],
  [255, false, { kind: 'exited', exitCode: 255 }],
  // The kernel ended a process that the task had started, and the task made good for it.
  [0, true, { kind: 'exited', exitCode: 0 }],
])('an exit code of %i, out of memory %s, is told as %j', (ExitCode, OOMKilled, outcome) => {
  expect(toOutcome({ ExitCode, OOMKilled })).toEqual(outcome);
});

describe('the end of a container', () => {
  const now = new Date('2026-03-04T12:00:00Z');

  it.each([
    [
      'is when the engine says',
      '2026-03-04T09:59:00.5Z',
      '2026-03-04T10:00:00.123456789Z',
      '2026-03-04T10:00:00.123Z',
    ],
    [
      'is read in any zone',
      '2026-03-04T11:00:00+02:00',
      '2026-03-04T12:00:00.5+02:00',
      '2026-03-04T10:00:00.500Z',
    ],
    ['is not before its start', '2026-03-04T10:00:00Z', '2026-03-04T09:00:00Z', '2026-03-04T10:00:00.000Z'],
    ['is not to come', '2026-03-04T10:00:00Z', '2026-03-04T13:00:00Z', '2026-03-04T12:00:00.000Z'],
    ['is told without a start', '0001-01-01T00:00:00Z', '2026-03-04T10:00:00Z', '2026-03-04T10:00:00.000Z'],
    ['is unknown when the engine has none', '2026-03-04T10:00:00Z', '0001-01-01T00:00:00Z', undefined],
    ['is unknown when the engine says nothing', '', '', undefined],
  ])('%s', (_, StartedAt, FinishedAt, expected) => {
    expect(toEndTime({ StartedAt, FinishedAt }, now)?.toISOString()).toBe(expected);
  });
});
