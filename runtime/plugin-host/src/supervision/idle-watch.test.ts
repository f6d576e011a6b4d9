import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleWatch } from './idle-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const use = async (): Promise<string> => 'used';

test('tells once that nobody has used it for a while', async () => {
  const onIdle = vi.fn<() => void>();
  const watch = new IdleWatch({ timeoutMs: 100, onIdle });
  expect(await watch.during(use)).toBe('used');
  vi.advanceTimersByTime(99);
  expect(onIdle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(onIdle).toHaveBeenCalledOnce();
});

test('every use puts it off, also one that fails', async () => {
  const onIdle = vi.fn<() => void>();
  const watch = new IdleWatch({ timeoutMs: 100, onIdle });
  await watch.during(use);
  vi.advanceTimersByTime(99);
  await expect(watch.during(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  vi.advanceTimersByTime(99);
  expect(onIdle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onIdle).toHaveBeenCalledOnce();
});

test('waits for the longest of several uses', async () => {
  const onIdle = vi.fn<() => void>();
  const watch = new IdleWatch({ timeoutMs: 100, onIdle });
  const long = Promise.withResolvers<void>();
  const used = watch.during(() => long.promise);
  await watch.during(use);
  vi.advanceTimersByTime(1000);
  expect(onIdle).not.toHaveBeenCalled();
  long.resolve();
  await used;
  vi.advanceTimersByTime(100);
  expect(onIdle).toHaveBeenCalledOnce();
});

test('never tells when it is cancelled, or told to wait for ever', async () => {
  const onIdle = vi.fn<() => void>();
  const cancelled = new IdleWatch({ timeoutMs: 100, onIdle });
  await cancelled.during(use);
  cancelled.cancel();
  await new IdleWatch({ timeoutMs: 0, onIdle }).during(use);
  vi.advanceTimersByTime(1000);
  expect(onIdle).not.toHaveBeenCalled();
});
