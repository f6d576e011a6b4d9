import { writeSync } from 'node:fs';
import type { OutputRelay } from './output-relay.ts';

type Write = typeof process.stdout.write;

/** Where text written to standard output goes: to standard error until the handshake is out, then to the host. */
interface Target {
  readonly write: (text: Uint8Array) => void;
}

const toStandardError: Target = { write: (text) => void process.stderr.write(text) };

/** A chunk on the wire; small enough that one never weighs much against the relay's limit. */
const chunkBytes = 32 * 1024;

let target: Target = toStandardError;

/**
 * Takes standard output away from the program, since the first line on it must be the handshake: a stray
 * `console.log` before it would make the plugin unusable.
 */
export function captureStandardOutput(): void {
  process.stdout.write = writeToTarget satisfies Write;
}

/** From now on what the program prints travels to the host over the connection. */
export function sendStandardOutputTo(relay: OutputRelay): void {
  target = {
    write(text) {
      for (let at = 0; at < text.byteLength; at += chunkBytes) {
        relay.push({ channel: 'stdout', data: text.subarray(at, at + chunkBytes) });
      }
    },
  };
}

/** Writes to the real standard output, past the capture. */
export function writeHandshake(line: string): void {
  writeSync(1, line);
}

function writeToTarget(
  text: string | Uint8Array,
  encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
  done?: (error?: Error | null) => void,
): boolean {
  const encoding = typeof encodingOrDone === 'string' ? encodingOrDone : 'utf8';
  target.write(typeof text === 'string' ? Buffer.from(text, encoding) : Uint8Array.from(text));
  const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
  if (callback) queueMicrotask(() => callback());
  return true;
}
