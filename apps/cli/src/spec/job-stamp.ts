import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Inheritance } from '@optimus/spec';
import { JOB_FILE_NAME, type JobFolder } from './find-job-folders.ts';
import type { ListFolder } from './folder-entry.ts';
import { listAssetNames } from './read-assets.ts';

/** The files of a job. */
interface JobFiles {
  /** Below its folder: each begins with a separator. */
  readonly names: readonly string[];
  /** All of them in one. */
  readonly text: string;
}

/** What the file system says of the files that a job is made of. Equal stamps, equal job; unless the files are too young to tell. */
export interface JobStamp {
  /** The names of the files. */
  readonly text: string;
  /** Size, times, device and inode of each. */
  readonly numbers: readonly number[];
  /** The newest time of any of them, in milliseconds since 1970. */
  readonly newestMs: number;
}

/** The names of a job's files. Jobs whose files are called alike have one answer. */
function listJobFiles(folder: JobFolder, list: ListFolder): JobFiles {
  const assets = listAssetNames(folder, list);
  const known = knownFiles.get(assets);
  if (known) return known;
  const names = [path.sep + JOB_FILE_NAME, ...assets];
  // No path has two separators together: each file ends where the next one begins.
  const files = { names, text: names.map((name) => `${name}//`).join('') };
  knownFiles.set(assets, files);
  return files;
}

const knownFiles = new WeakMap<readonly string[], JobFiles>();

/** The stamp of a job's files; undefined when one of them cannot be looked at. To be taken before the files are read. */
export function findJobStamp(holder: JobFolder, list: ListFolder): JobStamp | undefined {
  try {
    const { names, text } = listJobFiles(holder, list);
    const numbers: number[] = [];
    let newestMs = 0;
    for (const name of names) {
      const { size, mtimeMs, ctimeMs, ino, dev } = statSync(holder.folder + name);
      numbers.push(size, mtimeMs, ctimeMs, dev, ino);
      newestMs = Math.max(newestMs, mtimeMs, ctimeMs);
    }
    return { text, numbers, newestMs };
  } catch {
    return undefined;
  }
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
