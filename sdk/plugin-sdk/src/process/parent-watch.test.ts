import { expect, test, vi } from 'vitest';
import { watchParent } from './parent-watch.ts';

test('tells when another process has become the parent', async () => {
  let parent = process.pid;
  const onOrphaned = vi.fn<() => void>();
  watchParent(onOrphaned, { intervalMs: 1, read: () => parent });
  parent = 1;
  await expect.poll(() => onOrphaned).toHaveBeenCalledOnce();
});

test('tells when the parent is gone although its id stayed, as on Windows', async () => {
  const onOrphaned = vi.fn<() => void>();
  // Above any process id that the system gives out.
  watchParent(onOrphaned, { intervalMs: 1, read: () => 2 ** 30 });
  await expect.poll(() => onOrphaned).toHaveBeenCalledOnce();
});

test('says nothing while the parent lives, nor after its end', async () => {
  let reads = 0;
  const onOrphaned = vi.fn<() => void>();
  const end = watchParent(onOrphaned, {
    intervalMs: 1,
    read() {
      reads++;
      return process.pid;
    },
  });
  await expect.poll(() => reads).toBeGreaterThan(3);
  end();
  expect(onOrphaned).not.toHaveBeenCalled();
});
