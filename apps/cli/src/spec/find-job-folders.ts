import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';

/** The file that makes a folder a job. */
export const JOB_FILE_NAME = 'job.yaml';
/** The folder of a job's further files. */
export const ASSETS_FOLDER_NAME = 'assets';
/** The file of values that jobs below it would inherit. */
const INHERITED_FILE_NAME = 'this.yaml';

/** What lies under a folder of specifications; absolute paths, sorted. */
export interface JobFolders {
  /** Folders that hold a `job.yaml`. */
  readonly jobs: readonly string[];
  /** `this.yaml` files: read by no command yet, so a job below one would silently lack values. */
  readonly inherited: readonly string[];
}

const SKIPPED = /^\.|\.(yaml|cfg|sql|txt)$|^node_modules$/;

/** Whether a folder's name is passed over by everything that looks for jobs. */
export function isSkippedFolder(name: string): boolean {
  return name === ASSETS_FOLDER_NAME || SKIPPED.test(name);
}

/** Walks a folder of specifications; a folder that does not exist holds none. @throws OptimusError `CONFIG_INVALID` when it cannot be read */
export async function findJobFolders(root: string): Promise<JobFolders> {
  const found = { jobs: new Array<string>(), inherited: new Array<string>() };
  let level = [root];
  while (level.length > 0) {
    const folders = await Promise.all(level.map((folder) => lookInto(folder)));
    for (const { folder, entries } of folders) {
      if (hasFile(entries, JOB_FILE_NAME)) found.jobs.push(folder);
      if (hasFile(entries, INHERITED_FILE_NAME)) found.inherited.push(path.join(folder, INHERITED_FILE_NAME));
    }
    level = folders.flatMap(({ folder, entries }) =>
      listSubfolders(entries).map((name) => path.join(folder, name)),
    );
  }
  return { jobs: found.jobs.toSorted(), inherited: found.inherited.toSorted() };
}

/** Names of the folders in a folder that may hold jobs, sorted. */
export function listSubfolders(entries: readonly Dirent[]): readonly string[] {
  const folders = entries.filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name));
  return folders.map(({ name }) => name).toSorted();
}

async function lookInto(folder: string) {
  try {
    return { folder, entries: await readdir(folder, { withFileTypes: true }) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { folder, entries: [] };
    throw new OptimusError('CONFIG_INVALID', { message: `the folder ${folder} cannot be read`, cause });
  }
}

function hasFile(entries: readonly Dirent[], name: string): boolean {
  return entries.some((entry) => entry.name === name && !entry.isDirectory());
}
