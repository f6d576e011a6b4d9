import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EndableMessages, inTime } from './in-time.ts';

const late = (): Error => new Error('late');

class Messages implements EndableMessages<number> {
  isEnded = false;
  readonly #produce: () => AsyncGenerator<number>;

  constructor(produce: () => AsyncGenerator<number>) {
    this.#produce = produce;
  }

  [Symbol.asyncIterator]() {
    return this.#produce();
  }

  cancel(): void {
    this.isEnded = true;
  }
}

describe('messages in time', () => {
  it('are all there for a reader that takes longer than the server may', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const messages = new Messages(async function* () {
      yield* [1, 2, 3];
    });
    const read: number[] = [];
    for await (const message of inTime(messages, 1000, late)) {
      read.push(message);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(read).toEqual([1, 2, 3]);
  });

  it('end with an error when one does not come, and the stream is ended', async () => {
    const messages = new Messages(async function* () {
      yield 1;
      await new Promise<never>(() => {});
    });
    const read: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const message of inTime(messages, 10, late)) read.push(message);
    };
    await expect(reading()).rejects.toThrow('late');
    expect(read).toEqual([1]);
    expect(messages.isEnded).toBe(true);
  });

  it('end when the reader has enough, with the stream', async () => {
    const messages = new Messages(async function* () {
      yield* [1, 2];
    });
    for await (const message of inTime(messages, 1000, late)) if (message === 1) break;
    expect(messages.isEnded).toBe(true);
  });

  it('pass on what fails', async () => {
    const messages = new Messages(async function* () {
      yield 1;
      throw new Error('the server says no');
    });
    const reading = async (): Promise<void> => {
      for await (const _ of inTime(messages, 1000, late));
    };
    await expect(reading()).rejects.toThrow('the server says no');
  });
});
