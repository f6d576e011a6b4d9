import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileProblem } from '@optimus/spec';
import { ASSETS_FOLDER_NAME, type JobFolder } from './find-job-folders.ts';
import { readText } from './read-text.ts';

/** The assets of a job, and what is wrong with the files among them that cannot be one. */
export interface ReadAssets {
  /** Path relative to the `assets` folder, with `/` between its parts, to its text. */
  readonly assets: Readonly<Record<string, string>>;
  /** By absolute path. */
  readonly problems: readonly FileProblem[];
}

/** Reads every file under a job's `assets` folder, nested ones included; a job without the folder has none. */
export async function readAssets({ folder: jobFolder, hasAssets }: JobFolder): Promise<ReadAssets> {
  if (!hasAssets) return { assets: {}, problems: [] };
  const folder = path.join(jobFolder, ASSETS_FOLDER_NAME);
  const files = await listFiles(folder);
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await readText(file, MEND)) })));
  const assets = read.flatMap((one) => (one.ok ? [[toName(folder, one.file), one.text] as const] : []));
  const problems = read.flatMap((one) => (one.ok ? [] : [one]));
  return { assets: Object.fromEntries(assets), problems };
}

/** The protocol carries assets as text. */
const MEND = 'assets are text: keep binary files in a bucket, or encode them';

function toName(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/');
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map((entry) => path.join(entry.parentPath, entry.name)).toSorted();
}
