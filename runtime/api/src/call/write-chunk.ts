import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes, and waits until a slow reader has room for more. @throws when the signal aborts meanwhile */
export async function writeChunk(
  stream: Writable,
  chunk: Uint8Array | string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (!stream.write(chunk)) await once(stream, 'drain', { signal });
}
