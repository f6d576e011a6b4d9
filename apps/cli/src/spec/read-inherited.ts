import path from 'node:path';
import { type FileProblem, type Inheritance, parseInherited } from '@optimus/spec';
import { INHERITED_FILE_NAME } from './find-job-folders.ts';
import { readText } from './read-text.ts';
import { readWithin } from './read-within.ts';

/** What the folders of a namespace hand down, and what is wrong with the files that say so. */
export interface ReadInherited {
  /** By absolute folder, as its subfolders inherit it. */
  readonly byFolder: ReadonlyMap<string, Inheritance>;
  readonly problems: readonly FileProblem[];
}

/** Where files are reported from, and what they may lie in once links are followed. */
interface InheritedPlace {
  readonly cwd: string;
  readonly realFolders: readonly string[];
}

/** Reads the `this.yaml` of the folders, each after those above it. File names are given relative to `cwd`. */
export function readInherited(
  folders: readonly string[],
  { cwd, realFolders }: InheritedPlace,
): ReadInherited {
  const byFolder = new Map<string, Inheritance>();
  const problems: FileProblem[] = [];
  for (const folder of folders) {
    const absolute = path.join(folder, INHERITED_FILE_NAME);
    const file = path.relative(cwd, absolute);
    const read = readWithin(absolute, { realFolders, read: readText });
    if (!read.ok) problems.push({ ...read, file });
    const source = { file, text: read.ok ? read.text : UNREADABLE };
    const parsed = parseInherited(source, findInheritance(byFolder, folder));
    if (read.ok) problems.push(...parsed.problems);
    byFolder.set(folder, parsed.inheritance);
  }
  return { byFolder, problems };
}

/** Of a file that cannot be read nothing is known: no job below is blamed for what it may lack. */
const UNREADABLE = '[';

/** What a folder inherits: from its parent at the nearest. */
export function findInheritance(
  byFolder: ReadonlyMap<string, Inheritance>,
  folder: string,
): Inheritance | undefined {
  if (byFolder.size === 0) return undefined;
  const parent = path.dirname(folder);
  if (parent === folder) return undefined;
  return byFolder.get(parent) ?? findInheritance(byFolder, parent);
}
