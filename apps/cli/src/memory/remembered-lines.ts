import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The lines of a file that the command left for itself; none of one that is damaged or not there. Lines rather than JSON: of ten
 * thousand jobs they are read in a fifth of the time.
 */
export function readRemembered(file: string): readonly string[] {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return text.slice(0, end) === toChecksum(body) ? body.split('\n') : [];
  } catch {
    return [];
  }
}

/** Replaces the file as a whole: of two commands that write at once one wins. A disk that takes nothing is no error. */
export function writeRemembered(file: string, lines: readonly string[]): void {
  const body = lines.join('\n');
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${toChecksum(body)}\n${body}`, { mode: 0o600 });
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

function toChecksum(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
