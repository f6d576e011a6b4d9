import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { writeChunk } from './write-chunk.ts';

const never = new AbortController().signal;

describe('writing to a slow reader', () => {
  it('waits until it has room', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    await writeChunk(stream, 'abc', never);
    let isWritten = false;
    const written = writeChunk(stream, 'defgh', never).then(() => {
      isWritten = true;
    });
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    stream.resume();
    await written;
    expect(isWritten).toBe(true);
  });

  it('stops waiting when the reader leaves', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const controller = new AbortController();
    const written = writeChunk(stream, 'abc', controller.signal);
    controller.abort();
    await expect(written).rejects.toMatchObject({ name: 'AbortError' });
    await expect(writeChunk(stream, 'd', controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
