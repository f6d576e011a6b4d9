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
  const { files, prefix } = await listChangedFiles(cwd, ref);
  const places = findTouchedPlaces(files);
  const changed = jobs.filter(({ file }) => isTouched(toRepositoryFolder(prefix, file), places));
  return new Set(changed.map(({ spec }) => spec.name));
}

/** Files that differ, by their paths in the whole repository: folders of jobs need not lie below the current one. */
async function listChangedFiles(cwd: string, ref: string) {
  const run = (args: readonly string[]) =>
    runTool({
      program: 'git',
      args,
      cwd,
      purpose: `compare this folder with ${ref}`,
      hint: 'run it in a clone of the repository, and name a branch, a tag or a commit',
    });
  const [prefix, tracked, untracked] = await Promise.all([
    run(['rev-parse', '--show-prefix']),
    // What was moved is gone from where it was.
    run(['diff', '--name-only', '--no-renames', '--no-relative', '-z', ref, '--']),
    run(['ls-files', '--others', '--exclude-standard', '--full-name', '-z', ':/']),
  ]);
  const files = `${tracked}${untracked}`.split('\0').filter((file) => file !== '');
  return { files, prefix: prefix.replace(/\r?\n$/, '') };
}

function toRepositoryFolder(prefix: string, jobFile: string): string {
  return path.posix.dirname(path.posix.join(prefix, jobFile.replaceAll(path.sep, '/')));
}

/** Folders of the repository by what changed in them, so that each job asks for its own alone. `.` is the outermost. */
interface TouchedPlaces {
  /** A file changed here, or below. */
  readonly touched: ReadonlySet<string>;
  /** What is inherited from here changed. */
  readonly inherited: ReadonlySet<string>;
}

function findTouchedPlaces(files: readonly string[]): TouchedPlaces {
  const touched = new Set<string>();
  const inherited = new Set<string>();
  for (const file of files) {
    let folder = path.posix.dirname(file);
    if (path.posix.basename(file) === INHERITED) inherited.add(folder);
    for (; !touched.has(folder); folder = path.posix.dirname(folder)) touched.add(folder);
  }
  return { touched, inherited };
}

function isTouched(folder: string, { touched, inherited }: TouchedPlaces): boolean {
  if (touched.has(folder)) return true;
  let above = folder;
  while (above !== '.' && above !== '/') {
    above = path.posix.dirname(above);
    if (inherited.has(above)) return true;
  }
  return false;
}
