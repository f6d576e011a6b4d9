import path from 'node:path';
import { type FileProblem, locateProblems } from '@optimus/spec';
import type { ReadJob } from './read-jobs.ts';
import { readText } from './read-text.ts';

/** Names are unique in a project, so also across its namespaces. Only files that break this are read again, for their lines. */
export async function findRepeatedNames(
  jobs: readonly ReadJob[],
  cwd: string,
): Promise<readonly FileProblem[]> {
  const byName = Map.groupBy(jobs, ({ name }) => name);
  const found: FileProblem[] = [];
  for (const [name, [first, ...others]] of byName) {
    if (name === undefined || first === undefined) continue;
    const message = `job name "${name}" is already used in ${first.file}; names are unique across directories`;
    for (const { file } of others) found.push(...(await locateName(file, cwd, message)));
  }
  return found;
}

async function locateName(file: string, cwd: string, message: string): Promise<readonly FileProblem[]> {
  const read = await readText(path.resolve(cwd, file), 'write it in UTF-8');
  return locateProblems([{ file, text: read.ok ? read.text : '' }], [{ path: ['name'], message }]);
}
