import path from 'node:path';
import { type FileProblem, locateProblems } from '@optimus/spec';
import { readText } from './read-text.ts';

/** A file and the name that it gives a job, when it is one. */
export interface NamedFile {
  /** Relative to the working folder. */
  readonly file: string;
  readonly name: string | undefined;
}

/** Names are unique in a project, so also across its namespaces. Only files that break this are read again, for their lines. */
export function findRepeatedNames(jobs: readonly NamedFile[], cwd: string): readonly FileProblem[] {
  const byName = Map.groupBy(jobs, ({ name }) => name);
  const found: FileProblem[] = [];
  for (const [name, [first, ...others]] of byName) {
    if (name === undefined || first === undefined) continue;
    for (const { file } of others) found.push(...locateName(file, cwd, toMessage(name, file, first.file)));
  }
  return found;
}

/** A file that repeats itself was found twice: below two folders of jobs of which one lies in the other, or is the other. */
function toMessage(name: string, file: string, first: string): string {
  if (file === first)
    return `job "${name}" belongs to two namespaces, as the job.path of both holds its file; give each a folder of its own`;
  return `job name "${name}" is already used in ${first}; names are unique across directories`;
}

function locateName(file: string, cwd: string, message: string): readonly FileProblem[] {
  const read = readText(path.resolve(cwd, file));
  return locateProblems([{ file, text: read.ok ? read.text : '' }], [{ path: ['name'], message }]);
}
