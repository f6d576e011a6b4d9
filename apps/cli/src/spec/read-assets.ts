import path from 'node:path';
import type { FileProblem } from '@optimus/spec';
import { ASSETS_FOLDER_NAME, type JobFolder } from './find-job-folders.ts';
import { type FolderEntry, type ListFolder, listFolder } from './folder-entry.ts';
import { readAsset } from './read-text.ts';
import { readWithin } from './read-within.ts';

/** The assets of a job, and what is wrong with the files among them that cannot be one. */
export interface ReadAssets {
  /** Path relative to the `assets` folder, with `/` between its parts, to its content. */
  readonly assets: Readonly<Record<string, string>>;
  /** By absolute path. */
  readonly problems: readonly FileProblem[];
}

type AssetsHolder = Pick<JobFolder, 'folder' | 'hasAssets'>;

/**
 * Reads every file under a job's `assets` folder, nested ones included; a job without the folder has none. A link that leads out of all
 * the folders is refused.
 */
export function readAssets(
  { folder: jobFolder, hasAssets }: AssetsHolder,
  realFolders: readonly string[],
): ReadAssets {
  if (!hasAssets) return { assets: {}, problems: [] };
  const folder = path.join(jobFolder, ASSETS_FOLDER_NAME);
  const read = listAssetFiles({ folder: jobFolder, hasAssets }).map((file) => ({
    file,
    ...readWithin(file, { realFolders, read: readAsset }),
  }));
  const assets = read.flatMap((one) => (one.ok ? [[toName(folder, one.file), one.text] as const] : []));
  const problems = read.flatMap((one) => (one.ok ? [] : [one]));
  return { assets: Object.fromEntries(assets), problems };
}

function toName(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/');
}

/** The files that are the assets of a job, absolute and sorted. */
function listAssetFiles(holder: AssetsHolder, list: ListFolder = listFolder): readonly string[] {
  return listAssetNames(holder, list).map((name) => holder.folder + name);
}

/** The same, below the job's folder: each begins with a separator. Folders that are listed alike have one answer. */
export function listAssetNames({ folder, hasAssets }: AssetsHolder, list: ListFolder): readonly string[] {
  if (!hasAssets) return NO_NAMES;
  const entries = listEntries(folder + IN_ASSETS, list);
  const known = flatNames.get(entries);
  if (known) return known;
  const names = listNames({ folder, below: IN_ASSETS, entries }, list);
  if (!entries.some((entry) => entry.isDirectory())) flatNames.set(entries, names);
  return names;
}

const IN_ASSETS = path.sep + ASSETS_FOLDER_NAME;
const NO_NAMES: readonly string[] = [];

/** Of folders without folders in them. */
const flatNames = new WeakMap<readonly FolderEntry[], readonly string[]>();

interface ListedFolder {
  /** The job's. */
  readonly folder: string;
  readonly below: string;
  readonly entries: readonly FolderEntry[];
}

/** Folder by folder: the recursive listing of Node costs three times as much. */
function listNames({ folder, below, entries }: ListedFolder, list: ListFolder): readonly string[] {
  const names = entries.flatMap((entry) => {
    const name = below + path.sep + entry.name;
    if (entry.isDirectory())
      return listNames({ folder, below: name, entries: listEntries(folder + name, list) }, list);
    return entry.isFile() || entry.isSymbolicLink() ? [name] : [];
  });
  return names.toSorted();
}

function listEntries(folder: string, list: ListFolder): readonly FolderEntry[] {
  try {
    return list(folder);
  } catch {
    return [];
  }
}
