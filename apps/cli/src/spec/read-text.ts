import { readFileSync, statSync } from 'node:fs';
import { toBinaryAsset, toErrorMessage } from '@optimus/domain';

/** The text of a file, or why there is none and where that shows. */
export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The largest specification: what is larger holds data, and reading it takes longer than anybody waits. */
const MAX_BYTES = 1024 * 1024;
const TOO_LARGE = 'is larger than 1 MiB; put large texts into assets';

/** A device or a queue may never end. */
const NO_FILE = { ok: false, line: 1, column: 1, message: 'is no file, nor a link to one' } as const;

/** Reads a specification, which must be text of at most 1 MiB. */
export function readText(file: string): ReadText {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return NO_FILE;
    if (stats.size > MAX_BYTES) return { ok: false, line: 1, column: 1, message: TOO_LARGE };
    const bytes = readFileSync(file);
    return (
      decode(bytes) ?? { ok: false, ...findBadByte(bytes), message: 'is not UTF-8 text; write it in UTF-8' }
    );
  } catch (thrown) {
    return { ok: false, line: 1, column: 1, message: `cannot be read: ${toErrorMessage(thrown)}` };
  }
}

/** Reads the file of an asset: text, or what stands for the bytes of one that is none. */
export function readAsset(file: string): ReadText {
  try {
    if (!statSync(file).isFile()) return NO_FILE;
    const bytes = readFileSync(file);
    const text = bytes.includes(0) ? undefined : decode(bytes);
    return text ?? { ok: true, text: toBinaryAsset(bytes) };
  } catch (thrown) {
    return { ok: false, line: 1, column: 1, message: `cannot be read: ${toErrorMessage(thrown)}` };
  }
}

function decode(bytes: Uint8Array): ReadText | undefined {
  try {
    return { ok: true, text: utf8.decode(bytes) };
  } catch {
    return undefined;
  }
}

/** Where the first byte lies that belongs to no character. */
function findBadByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  const before = bytes.toString('utf8').split('\uFFFD', 1)[0] ?? '';
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
