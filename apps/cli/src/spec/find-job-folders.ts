import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { type FolderEntry, type ListFolder, listFolder } from './folder-entry.ts';
import { toMisspelling } from './misspelt-name.ts';

/** The file that makes a folder a job. */
export const JOB_FILE_NAME = 'job.yaml';
/** The folder of a job's further files. */
export const ASSETS_FOLDER_NAME = 'assets';
/** The file of values that jobs below it inherit. */
export const INHERITED_FILE_NAME = 'this.yaml';

/** A folder with a `job.yaml`. */
export interface JobFolder {
  /** Absolute. */
  readonly folder: string;
  readonly hasAssets: boolean;
  /** Whether the `job.yaml` is a symbolic link. */
  readonly isLinked: boolean;
}

/** What lies under a folder of specifications, sorted by path. */
export interface JobFolders {
  readonly jobs: readonly JobFolder[];
  /** Absolute folders that hold a `this.yaml`; a folder comes after those above it. */
  readonly inherited: readonly string[];
  /** Files that nobody reads and that are probably meant to be one of those. */
  readonly misnamed: readonly MisnamedFile[];
}

/** A file whose name is nearly one that counts. */
export interface MisnamedFile {
  /** Absolute. */
  readonly file: string;
  /** The name that counts. */
  readonly meant: string;
}

const MISSPELT_JOB = { meant: JOB_FILE_NAME, pattern: toMisspelling(JOB_FILE_NAME) };
const MISSPELT_INHERITED = { meant: INHERITED_FILE_NAME, pattern: toMisspelling(INHERITED_FILE_NAME) };

const SKIPPED = /^\.|\.(yaml|cfg|sql|txt)$|^node_modules$/;

/** Whether a folder's name is passed over by everything that looks for jobs. */
export function isSkippedFolder(name: string): boolean {
  return name === ASSETS_FOLDER_NAME || SKIPPED.test(name);
}

/**
 * Walks a folder of specifications; a folder that does not exist holds none. Files are read one after the other: for twenty thousand
 * small ones a thread pool costs five times what it saves. @throws OptimusError `CONFIG_INVALID` when the folder cannot be read
 */
export function findJobFolders(root: string, list: ListFolder = listFolder): JobFolders {
  const jobs: JobFolder[] = [];
  const inherited: string[] = [];
  const misnamed: MisnamedFile[] = [];
  let level = [root];
  while (level.length > 0) {
    const folders = level.map((folder) => lookInto(folder, list));
    for (const listed of folders) {
      const { folder, entries } = listed;
      // Beside the file that counts another one is a copy that somebody keeps.
      const job = findFile(entries, JOB_FILE_NAME);
      if (job) jobs.push({ folder, hasAssets: hasAssets(entries), isLinked: job.isSymbolicLink() });
      else misnamed.push(...findMisnamed(listed, MISSPELT_JOB));
      if (findFile(entries, INHERITED_FILE_NAME)) inherited.push(folder);
      else misnamed.push(...findMisnamed(listed, MISSPELT_INHERITED));
    }
    level = folders.flatMap(({ folder, entries }) =>
      listSubfolders(entries).map((name) => folder + path.sep + name),
    );
  }
  return {
    jobs: jobs.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)),
    inherited: inherited.toSorted(),
    misnamed,
  };
}

function findMisnamed(
  { folder, entries }: ListedFolder,
  { meant, pattern }: typeof MISSPELT_JOB | typeof MISSPELT_INHERITED,
): readonly MisnamedFile[] {
  const alike = entries.filter((entry) => pattern.test(entry.name) && !entry.isDirectory());
  return alike.map(({ name }) => ({ file: folder + path.sep + name, meant }));
}

/** Names of the folders in a folder that may hold jobs, sorted. */
export function listSubfolders(entries: readonly FolderEntry[]): readonly string[] {
  const folders = entries.filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name));
  return folders.map(({ name }) => name).toSorted();
}

interface ListedFolder {
  readonly folder: string;
  readonly entries: readonly FolderEntry[];
}

function lookInto(folder: string, list: ListFolder): ListedFolder {
  try {
    return { folder, entries: list(folder) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { folder, entries: [] };
    throw new OptimusError('CONFIG_INVALID', { message: `the folder ${folder} cannot be read`, cause });
  }
}

function findFile(entries: readonly FolderEntry[], name: string): FolderEntry | undefined {
  return entries.find((entry) => entry.name === name && !entry.isDirectory());
}

function hasAssets(entries: readonly FolderEntry[]): boolean {
  return entries.some((entry) => entry.name === ASSETS_FOLDER_NAME && !entry.isFile());
}
