import { OptimusError, SILENT_LOG, toBackOffMs } from '@optimus/domain';
import { expect, it, vi } from 'vitest';
import { isDatabaseAway, isStale, persist } from './back-off.ts';

const away = new OptimusError('DATABASE_UNAVAILABLE', { message: 'away' });
const stale = new OptimusError('FENCE_STALE', { message: 'stale' });
const options = { log: SILENT_LOG, what: 'try', signal: new AbortController().signal };

it('waits longer after each failure, never above five seconds, and not always the same', () => {
  const pauses = [1, 2, 3, 20, 1000].map(toBackOffMs);
  const least = [50, 100, 200, 2500, 2500];
  expect(pauses.every((ms, index) => ms >= (least[index] ?? 0))).toBe(true);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5000);
  expect(new Set(Array.from({ length: 10 }, () => toBackOffMs(5))).size).toBeGreaterThan(1);
});

it('persists until the work succeeds', async () => {
  const work = vi.fn<() => Promise<string>>(async () => 'done').mockRejectedValueOnce(away);
  await expect(persist(work, options)).resolves.toBe('done');
  expect(work).toHaveBeenCalledTimes(2);
});

it('gives up at once on a failure that is final', async () => {
  const work = vi.fn<() => Promise<never>>(async () => Promise.reject(stale));
  await expect(persist(work, { ...options, isFinal: isStale })).rejects.toBe(stale);
  expect(work).toHaveBeenCalledTimes(1);
});

it('gives up when the server stops, saying what was left undone', async () => {
  const stopping = new AbortController();
  const work = async (): Promise<never> => {
    stopping.abort();
    throw away;
  };
  const persisting = persist(work, {
    ...options,
    signal: stopping.signal,
    what: 'record the end of attempt 7',
  });
  await expect(persisting).rejects.toMatchObject({
    code: 'SERVER_STOPPING',
    message: 'stopping; could not record the end of attempt 7',
  });
});

it('tells a stale fence and an absent database from other failures', () => {
  expect([stale, away, new TypeError('x'), undefined].map(isStale)).toEqual([true, false, false, false]);
  expect([stale, away, new TypeError('x'), undefined].map(isDatabaseAway)).toEqual([
    false,
    true,
    false,
    false,
  ]);
});
