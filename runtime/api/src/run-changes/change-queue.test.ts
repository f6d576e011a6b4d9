import { describe, expect, it } from 'vitest';
import { ChangeQueue } from './change-queue.ts';

const NEVER = new AbortController().signal;

describe('a queue of changes', () => {
  it('gives what waits in order, and nothing when nothing came in time', async () => {
    const queue = new ChangeQueue(10);
    queue.push({ position: '1' });
    queue.push({ position: '2' });
    expect(await queue.take(60_000, NEVER)).toEqual([{ position: '1' }, { position: '2' }]);
    expect(await queue.take(1, NEVER)).toEqual([]);
  });

  it('wakes who waits, also when the call ends', async () => {
    const queue = new ChangeQueue(10);
    const taken = queue.take(60_000, NEVER);
    queue.push({ position: '1' });
    expect(await taken).toHaveLength(1);
    const ended = new AbortController();
    const waiting = queue.take(60_000, ended.signal);
    ended.abort();
    expect(await waiting).toEqual([]);
  });

  it('holds no more than it may, and says so', async () => {
    const queue = new ChangeQueue(2);
    for (const position of ['1', '2', '3', '4']) queue.push({ position });
    await expect(queue.take(60_000, NEVER)).rejects.toMatchObject({ code: 'LISTENER_TOO_SLOW' });
    expect(queue.isEmpty).toBe(true);
  });
});
