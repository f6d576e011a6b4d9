import { statSync } from 'node:fs';

/** Tells whether a file is still the one it was, by what changes when it is written or replaced. */
export class FileVersion {
  readonly #file: string;
  readonly #mark: string;

  constructor(file: string) {
    this.#file = file;
    this.#mark = readMark(file);
  }

  isCurrent(): boolean {
    return readMark(this.#file) === this.#mark;
  }
}

/**
 * What the system changes with every write and every replacement, the times included that nobody can set back. Links are
 * followed: the mark is that of what they lead to.
 */
export function readMark(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? 'gone' : `${stats.dev} ${stats.ino} ${stats.size} ${stats.ctimeNs}`;
}
