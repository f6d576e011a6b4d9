import { type ClaimedAttempt, parseJobName, parseNamespaceName, parseProjectName } from '@optimus/domain';
import { expect, it, vi } from 'vitest';
import { HeldAttempts } from './held-attempts.ts';

function makeAttempt(attemptId: string, fence: string): ClaimedAttempt {
  const at = new Date('2022-09-19T02:00:00Z');
  return {
    attemptId,
    fence,
    runId: '1',
    instanceId: '1',
    instance: { type: 'task', name: 'neo' },
    number: 1,
    versionId: '1',
    project: parseProjectName('space'),
    namespace: parseNamespaceName('sky'),
    job: parseJobName('near-earth-objects'),
    scheduledAt: at,
    window: { start: at, end: at },
    hasDeadline: false,
    waitedMs: 0,
    executionTime: at,
  };
}

it('knows an attempt under its newest claim only', () => {
  const held = new HeldAttempts();
  held.hold(makeAttempt('7', '1'), { pid: 1 });
  held.hold(makeAttempt('7', '2'), { pid: 2 });
  expect(held.find({ attemptId: '7', fence: '1' })).toBeUndefined();
  expect(held.find({ attemptId: '7', fence: '2' })?.handle).toEqual({ pid: 2 });
  expect(held.get('7')?.attempt.fence).toBe('2');
  expect([held.size, held.ids]).toEqual([1, ['7']]);
});

it('frees a slot once, and not for a claim that was superseded', () => {
  const held = new HeldAttempts();
  const listener = vi.fn<() => void>();
  held.onRelease(listener);
  held.hold(makeAttempt('7', '2'));
  held.release({ attemptId: '7', fence: '1' });
  expect([held.size, listener.mock.calls.length]).toEqual([1, 0]);
  held.release({ attemptId: '7', fence: '2' });
  held.release({ attemptId: '7', fence: '2' });
  expect([held.size, listener.mock.calls.length]).toEqual([0, 1]);
});
