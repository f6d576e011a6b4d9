import { realpathSync } from 'node:fs';
import path from 'node:path';

/** The folders as they are once links are followed, for {@link findEscape}; those that do not exist are left out. */
export function toRealFolders(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => findReal(folder) ?? []);
}

/**
 * Where a file lies that links lead to and that is in none of the folders; undefined for all others, and for what cannot be followed:
 * reading it says why.
 */
export function findEscape(file: string, realFolders: readonly string[]): string | undefined {
  const target = findReal(file);
  if (target === undefined || realFolders.some((folder) => isWithin(folder, target))) return undefined;
  return target;
}

function findReal(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}

function isWithin(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
