import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Inheritance } from '@optimus/spec';
import { JOB_FILE_NAME, type JobFolder } from './find-job-folders.ts';
import type { ListFolder } from './folder-entry.ts';
import { listAssetFiles } from './read-assets.ts';

/** What the file system says of the files that a job is made of. Equal stamps, equal job; unless the files are too young to tell. */
export interface JobStamp {
  /** The names of the files. */
  readonly text: string;
  /** Size, times, device and inode of each. */
  readonly numbers: readonly number[];
  /** The newest time of any of them, in milliseconds since 1970. */
  readonly newestMs: number;
}

/** The stamp of a job's files; undefined when one of them cannot be looked at. To be taken before the files are read. */
export function findJobStamp(folder: JobFolder, list: ListFolder): JobStamp | undefined {
  try {
    const files = [folder.folder + path.sep + JOB_FILE_NAME, ...listAssetFiles(folder, list)];
    return toJobStamp(folder.folder, files);
  } catch {
    return undefined;
  }
}

function toJobStamp(folder: string, files: readonly string[]): JobStamp {
  let text = '';
  let newestMs = 0;
  const numbers: number[] = [];
  for (const file of files) {
    const { size, mtimeMs, ctimeMs, ino, dev } = statSync(file);
    // No path has two separators together: each file ends where the next one begins.
    text += `${file.slice(folder.length)}//`;
    numbers.push(size, mtimeMs, ctimeMs, dev, ino);
    newestMs = Math.max(newestMs, mtimeMs, ctimeMs);
  }
  return { text, numbers, newestMs };
}

/** Of what thousands of jobs inherit. */
const keys = new WeakMap<Inheritance, string>();

/** A word for what a job inherits: equal words, equal inheritance. */
export function toInheritanceKey(inheritance: Inheritance | undefined): string {
  if (!inheritance) return '';
  const key = keys.get(inheritance) ?? hashInheritance(inheritance);
  keys.set(inheritance, key);
  return key;
}

function hashInheritance(inheritance: Inheritance): string {
  const texts = inheritance.files.map(({ text }) => text);
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64');
}
