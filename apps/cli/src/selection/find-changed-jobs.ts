import path from 'node:path';
import { type JobName, OptimusError } from '@optimus/domain';
import { runTool } from '../plugin-project/build/run-tool.ts';
import type { LocatedJob } from '../spec/read-jobs.ts';

/** The file whose values the jobs in the folders below inherit. */
const INHERITED = 'this.yaml';

/**
 * The jobs of this folder with a file that differs from a git reference, or that inherit from one that does. Files that git does not
 * know yet differ. @throws OptimusError `PRECONDITION_FAILED` where there is no git, or no such reference
 */
export async function findChangedJobs(
  cwd: string,
  ref: string,
  jobs: readonly LocatedJob[],
): Promise<ReadonlySet<JobName>> {
  if (ref.startsWith('-')) {
    throw new OptimusError('REQUEST_INVALID', {
      message: `changed:${ref} names no git reference`,
      hint: 'name a branch, a tag or a commit, such as changed:main',
    });
  }
  const list = (args: readonly string[]) =>
    runTool({
      program: 'git',
      args,
      cwd,
      purpose: `compare this folder with ${ref}`,
      hint: 'run it in a clone of the repository, and name a branch, a tag or a commit',
    });
  const [tracked, untracked] = await Promise.all([
    list(['diff', '--name-only', '--relative', '-z', ref, '--']),
    list(['ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  const files = `${tracked}${untracked}`.split('\0').filter((file) => file !== '');
  return new Set(jobs.filter(({ file }) => isTouched(file, files)).map(({ spec }) => spec.name));
}

function isTouched(jobFile: string, files: readonly string[]): boolean {
  const folder = `${path.dirname(jobFile)}${path.sep}`;
  return files.some((file) => file.startsWith(folder) || isInherited(file, folder));
}

function isInherited(file: string, folder: string): boolean {
  if (path.basename(file) !== INHERITED) return false;
  const from = path.dirname(file);
  return from === '.' || folder.startsWith(`${from}${path.sep}`);
}
