import { findEscape } from './find-escape.ts';
import type { ReadText } from './read-text.ts';

/** Where a file may lie once links are followed, and how it is read. */
export interface WithinOptions {
  /** By {@link toRealFolders}. */
  readonly realFolders: readonly string[];
  readonly read: (file: string) => ReadText;
}

/**
 * Reads a file, unless links lead from it out of all the folders: whoever wrote the link may read less than whoever deploys, and what is
 * read is sent to a server or told in messages.
 */
export function readWithin(file: string, { realFolders, read }: WithinOptions): ReadText {
  const target = findEscape(file, realFolders);
  if (target === undefined) return read(file);
  const message = `leads to ${target}, outside of the project's folder; put the file or a copy of it into the folder`;
  return { ok: false, line: 1, column: 1, message };
}
