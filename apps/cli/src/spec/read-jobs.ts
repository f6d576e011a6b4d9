import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComputeWindow } from '@optimus/domain';
import type { NamespaceConfig } from '../config/client-config.ts';
import type { FileProblem } from '../yaml/file-problem.ts';
import { findJobFolders, JOB_FILE_NAME } from './find-job-folders.ts';
import { type LocatedJob, type ParsedJob, parseJobFile } from './parse-job-file.ts';
import { readAssets } from './read-assets.ts';

/** The jobs of one namespace. */
export interface NamespaceJobs {
  readonly namespace: NamespaceConfig;
  readonly jobs: readonly LocatedJob[];
}

/** All jobs of some namespaces, and everything wrong with their files. */
export interface ReadJobs {
  readonly namespaces: readonly NamespaceJobs[];
  readonly problems: readonly FileProblem[];
}

/** Where the files are reported from, and how windows are computed. */
export interface ReadJobsDeps {
  readonly cwd: string;
  readonly computeWindow: ComputeWindow;
}

/** Open files at a time: enough to keep the disk busy, few enough for any descriptor limit. */
const BATCH = 64;

/** Reads and checks every job of the namespaces. A job that is wrong is left out of `jobs` or stands in it with its problems. */
export async function readJobs(
  namespaces: readonly NamespaceConfig[],
  deps: ReadJobsDeps,
): Promise<ReadJobs> {
  const problems: FileProblem[] = [];
  const read: NamespaceJobs[] = [];
  for (const namespace of namespaces) {
    const parsed = await readNamespace(namespace, deps);
    read.push({ namespace, jobs: parsed.flatMap(({ job }) => (job ? [job] : [])) });
    problems.push(...parsed.flatMap((job) => job.problems));
  }
  return { namespaces: read, problems: [...problems, ...findRepeatedNames(read)] };
}

async function readNamespace(
  { jobPath }: NamespaceConfig,
  deps: ReadJobsDeps,
): Promise<readonly ParsedJob[]> {
  const { jobs, inherited } = await findJobFolders(jobPath);
  const parsed: ParsedJob[] = inherited.map((file) => ({
    job: undefined,
    problems: [toInheritedProblem(file, deps)],
  }));
  for (let start = 0; start < jobs.length; start += BATCH) {
    const batch = jobs.slice(start, start + BATCH);
    parsed.push(...(await Promise.all(batch.map((folder) => readJob(folder, deps)))));
  }
  return parsed;
}

async function readJob(folder: string, { cwd, computeWindow }: ReadJobsDeps): Promise<ParsedJob> {
  const file = path.join(folder, JOB_FILE_NAME);
  const [text, { assets, notText }] = await Promise.all([readFile(file, 'utf8'), readAssets(folder)]);
  const { job, problems } = parseJobFile({ file: path.relative(cwd, file), text }, assets, computeWindow);
  return {
    job,
    problems: [...problems, ...notText.map((asset) => toWholeFileProblem(asset, cwd, NOT_TEXT))],
  };
}

const NOT_TEXT = 'is not UTF-8 text; assets are text files';

function toInheritedProblem(file: string, { cwd }: ReadJobsDeps): FileProblem {
  const message =
    'is not read by this version of Optimus; write its values into the jobs below it and remove it';
  return toWholeFileProblem(file, cwd, message);
}

function toWholeFileProblem(file: string, cwd: string, message: string): FileProblem {
  return { file: path.relative(cwd, file), line: 0, column: 0, message };
}

/** Names are unique in a project, so also across its namespaces. */
function findRepeatedNames(namespaces: readonly NamespaceJobs[]): readonly FileProblem[] {
  const jobs = namespaces.flatMap((namespace) => namespace.jobs);
  const byName = Map.groupBy(jobs, ({ spec }): string => spec.name);
  return [...byName].flatMap(([name, [first, ...others]]) =>
    others.map(({ file }) => ({
      file,
      line: 0,
      column: 0,
      message: `job name "${name}" is already used in ${first?.file ?? ''}; names are unique across directories`,
    })),
  );
}
