import { expect, it } from 'vitest';
import { toOutcome } from './container-outcome.ts';

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
