import { open } from 'node:fs/promises';
import { SecretPatterns, StreamMask } from '@optimus/domain/masking';
import type { Container } from 'dockerode';
import { BoundedLog } from '../process/log-filter/bounded-log.ts';

/** Where a container's output goes. */
export interface OutputTarget {
  readonly logPath: string;
  /** Values that the log must not show. */
  readonly secrets: readonly string[];
  readonly maxLogBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Copies what the container writes into the log, masked and bounded, from its first byte on: the engine keeps it, so a log that an
 * earlier server left unfinished is written anew, and grows again to at least what it was. Resolves when the output has ended.
 */
export async function copyOutput(
  container: Container,
  { logPath, secrets, maxLogBytes, signal }: OutputTarget,
): Promise<void> {
  const first = await openOutput(container, signal);
  const file = await open(logPath, 'w', 0o600);
  try {
    const log = new BoundedLog(file.fd, maxLogBytes);
    const mask = new StreamMask(new SecretPatterns(secrets));
    const take = (payload: Buffer): void => {
      const shown = mask.write(payload);
      if (shown.length > 0) log.write(shown);
    };
    const seen = await readOutput(first, { skip: 0, take });
    // podman stops following as soon as the container has ended, whether it has told all or not: asked for what there is, it tells the rest.
    const whole = await container.logs({ follow: false, stdout: true, stderr: true, abortSignal: signal });
    await readOutput([whole], { skip: seen, take });
    log.write(mask.end('cut'));
    log.end();
  } finally {
    await file.close();
  }
}

function openOutput(container: Container, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  return container.logs({ follow: true, stdout: true, stderr: true, abortSignal: signal });
}

interface OutputReader {
  /** How many bytes of the beginning are known. */
  readonly skip: number;
  readonly take: (payload: Buffer) => void;
}

/** Reads to the end and answers how many bytes there were. */
async function readOutput(
  stream: AsyncIterable<string | Buffer> | Iterable<Buffer>,
  { skip, take }: OutputReader,
): Promise<number> {
  const frames = new FrameReader();
  let count = 0;
  for await (const chunk of stream) {
    for (const payload of frames.read(toBytes(chunk))) {
      const fresh = payload.subarray(Math.max(0, skip - count));
      count += payload.length;
      if (fresh.length > 0) take(fresh);
    }
  }
  return count;
}

const HEADER_BYTES = 8;

/** Takes apart an engine's log: frames of one byte stream, three bytes nothing, four bytes length, and as many bytes of output. */
export class FrameReader {
  #header: Buffer = Buffer.alloc(0);
  #missing = 0;

  /** The output within the next bytes, in pieces. */
  *read(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#missing === 0) rest = this.#readHeader(rest);
      const payload = rest.subarray(0, this.#missing);
      this.#missing -= payload.length;
      rest = rest.subarray(payload.length);
      if (payload.length > 0) yield payload;
    }
  }

  #readHeader(bytes: Buffer): Buffer {
    const needed = HEADER_BYTES - this.#header.length;
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, needed)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#missing = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return bytes.subarray(needed);
  }
}

function toBytes(chunk: string | Buffer): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
