import { existsSync } from 'node:fs';
import path from 'node:path';
import type { JobSource } from '@optimus/spec';
import type { NamespaceConfig } from '../config/client-config.ts';
import { toRealFolders } from './find-escape.ts';
import { INHERITED_FILE_NAME } from './find-job-folders.ts';
import { findInheritance, readInherited } from './read-inherited.ts';
import { readText } from './read-text.ts';

/** The texts that a job of a folder of specifications is made of, for the places in them; undefined when its file cannot be read. */
export function readJobSource(
  file: string,
  cwd: string,
  { jobPath, projectPath }: Pick<NamespaceConfig, 'jobPath' | 'projectPath'>,
): Omit<JobSource, 'assets'> | undefined {
  const absolute = path.resolve(cwd, file);
  const read = readText(absolute);
  if (!read.ok) return undefined;
  const folder = path.dirname(absolute);
  const inherited = listFolders(jobPath, folder).filter((one) =>
    existsSync(path.join(one, INHERITED_FILE_NAME)),
  );
  const { byFolder } = readInherited(inherited, { cwd, realFolders: toRealFolders([jobPath, projectPath]) });
  return { file, text: read.text, inheritance: findInheritance(byFolder, folder) };
}

/** The folders from one down to another. */
function listFolders(from: string, to: string): readonly string[] {
  const parent = path.dirname(to);
  return to === from || to === parent ? [to] : [...listFolders(from, parent), to];
}
