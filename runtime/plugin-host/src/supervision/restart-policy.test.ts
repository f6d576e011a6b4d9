import { expect, test } from 'vitest';
import { planRestart } from './restart-policy.ts';

const now = 1_000_000_000;
const minute = 60_000;

test('the first restart comes at once', () => {
  expect(planRestart(now, [])).toEqual({ kind: 'start', delayMs: 0 });
  expect(planRestart(now, [now])).toEqual({ kind: 'start', delayMs: 0 });
});

test.each([
  [2, 1000],
  [3, 2000],
  [4, 4000],
])('after %i crashes it waits %i ms since the last', (count, delayMs) => {
  const crashes = Array.from({ length: count }, () => now);
  expect(planRestart(now, crashes)).toEqual({ kind: 'start', delayMs });
  expect(planRestart(now + delayMs - 300, crashes)).toEqual({ kind: 'start', delayMs: 300 });
  expect(planRestart(now + delayMs + 300, crashes)).toEqual({ kind: 'start', delayMs: 0 });
});

test('the fifth crash within ten minutes is the last, until the oldest is forgotten', () => {
  const crashes = [now - 9 * minute, now, now, now, now];
  expect(planRestart(now, crashes)).toEqual({ kind: 'give_up', untilMs: now + minute });
  expect(planRestart(now + minute, crashes)).toMatchObject({ kind: 'start' });
});

test('forgets crashes after ten minutes', () => {
  const crashes = Array.from({ length: 20 }, () => now - 10 * minute);
  expect(planRestart(now, crashes)).toEqual({ kind: 'start', delayMs: 0 });
});
