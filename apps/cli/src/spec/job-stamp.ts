import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Inheritance } from '@optimus/spec';
import { JOB_FILE_NAME, type JobFolder } from './find-job-folders.ts';
import { listAssetFiles } from './read-assets.ts';

/** What the file system says of the files that a job is made of. Equal stamps, equal job; unless the files are too young to tell. */
export interface JobStamp {
  /** Size, times and inode of every file, by name. */
  readonly text: string;
  /** The newest time of any of them, in milliseconds since 1970. */
  readonly newestMs: number;
}

/** The stamp of a job's files; undefined when one of them cannot be looked at. To be taken before the files are read. */
export function findJobStamp(folder: JobFolder): JobStamp | undefined {
  try {
    return toJobStamp(folder.folder, [path.join(folder.folder, JOB_FILE_NAME), ...listAssetFiles(folder)]);
  } catch {
    return undefined;
  }
}

function toJobStamp(folder: string, files: readonly string[]): JobStamp {
  let text = '';
  let newestMs = 0;
  for (const file of files) {
    const { size, mtimeMs, ctimeMs, ino, dev } = statSync(file);
    text += `${file.slice(folder.length)} ${size} ${mtimeMs} ${ctimeMs} ${dev}:${ino}\n`;
    newestMs = Math.max(newestMs, mtimeMs, ctimeMs);
  }
  return { text, newestMs };
}

/** A word for what a job inherits: equal words, equal inheritance. */
export function toInheritanceKey(inheritance: Inheritance | undefined): string {
  if (!inheritance) return '';
  const texts = inheritance.files.map(({ text }) => text);
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64');
}
