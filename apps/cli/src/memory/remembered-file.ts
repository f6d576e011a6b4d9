import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a command leaves for itself in a file. Lines and numbers rather than JSON: of ten thousand jobs they are read in a twentieth of
 * the time.
 */
export interface Remembered {
  /** None has a line break. */
  readonly lines: readonly string[];
  readonly numbers: ArrayLike<number>;
}

/** Bytes of the checksum, and of the count of numbers that follows it. The numbers come next, as this machine lays them out; then the lines. */
const CHECKSUM_BYTES = 32;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Nothing of a file that is damaged or not there. */
export function readRemembered(file: string): Remembered {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(CHECKSUM_BYTES);
    if (!toChecksum(body).equals(bytes.subarray(0, CHECKSUM_BYTES))) return NOTHING;
    // A copy, for numbers lie at multiples of their size.
    const [count = 0] = toNumbers(body.subarray(0, NUMBER_BYTES));
    const end = NUMBER_BYTES * (1 + count);
    return {
      numbers: toNumbers(body.subarray(NUMBER_BYTES, end)),
      lines: body.toString('utf8', end).split('\n'),
    };
  } catch {
    return NOTHING;
  }
}

const NOTHING: Remembered = { lines: [], numbers: [] };

/** Replaces the file as a whole: of two commands that write at once one wins. A disk that takes nothing is no error. */
export function writeRemembered(file: string, { lines, numbers }: Remembered): void {
  const laidOut = Float64Array.of(numbers.length, ...Array.from(numbers));
  const body = Buffer.concat([new Uint8Array(laidOut.buffer), Buffer.from(lines.join('\n'))]);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, Buffer.concat([toChecksum(body), body]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // The next command finds out what this one did. Where a file stands in place of the folder even removing throws.
    removeDraft(draft);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // There is none.
  }
}

function toNumbers(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}

function toChecksum(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
