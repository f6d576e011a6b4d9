import { afterEach, expect, it, vi } from 'vitest';
import { SILENT_LOG } from '../ports/log.ts';
import { type Turn, WorkLoop } from './work-loop.ts';

const FOREVER_MS = 3_600_000;
let loop: WorkLoop | undefined;

afterEach(() => loop?.stop());

/** Waits with the patience that a busy machine needs. */
function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

function start(turn: Turn): WorkLoop {
  loop = new WorkLoop(turn, SILENT_LOG);
  loop.start();
  return loop;
}

it('takes its first turn at once, and the next when it is woken', async () => {
  const turn = vi.fn<Turn>(async () => FOREVER_MS);
  const started = start(turn);
  await until(() => expect(turn).toHaveBeenCalledTimes(1));
  started.wake();
  await until(() => expect(turn).toHaveBeenCalledTimes(2));
});

it('takes the next turn when its rest is over', async () => {
  const turn = vi.fn<Turn>(async () => 1);
  start(turn);
  await until(() => expect(turn.mock.calls.length).toBeGreaterThan(2));
});

it('does not lose a wake that comes during a turn', async () => {
  const gate = Promise.withResolvers<void>();
  const turn = vi.fn<Turn>(async () => {
    await gate.promise;
    return FOREVER_MS;
  });
  const started = start(turn);
  started.wake();
  gate.resolve();
  await until(() => expect(turn).toHaveBeenCalledTimes(2));
});

it('takes many wakes for one', async () => {
  const turn = vi.fn<Turn>(async () => FOREVER_MS);
  const started = start(turn);
  await until(() => expect(turn).toHaveBeenCalledTimes(1));
  for (let count = 0; count < 100; count++) started.wake();
  await until(() => expect(turn).toHaveBeenCalledTimes(2));
  await started.stop();
  expect(turn).toHaveBeenCalledTimes(2);
});

it('goes on after a turn that failed, not before a pause, however often it is woken', async () => {
  const at: number[] = [];
  const started = start(async () => {
    at.push(performance.now());
    if (at.length === 1) throw new TypeError('broken');
    return FOREVER_MS;
  });
  started.wake();
  await until(() => expect(at.length).toBeGreaterThan(1));
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(40);
});

it('stops after the turn that is under way, twice or unstarted', async () => {
  const gate = Promise.withResolvers<void>();
  let hasEnded = false;
  const started = start(async () => {
    await gate.promise;
    hasEnded = true;
    return 0;
  });
  const stopping = Promise.all([started.stop(), started.stop()]);
  gate.resolve();
  await stopping;
  expect(hasEnded).toBe(true);
  await expect(new WorkLoop(async () => 0, SILENT_LOG).stop()).resolves.toBeUndefined();
});
