import path from 'node:path';
import type { ComputeWindow, JobSpec } from '@optimus/domain';
import { type FileProblem, type Inheritance, type ParsedJob, parseJob, sortProblems } from '@optimus/spec';
import type { NamespaceConfig } from '../config/client-config.ts';
import { findJobFolders, JOB_FILE_NAME, type JobFolder } from './find-job-folders.ts';
import { findRepeatedNames } from './find-repeated-names.ts';
import { readAssets } from './read-assets.ts';
import { findInheritance, readInherited } from './read-inherited.ts';
import { readText } from './read-text.ts';

/** A specification and the file it stands in. */
export interface LocatedJob {
  /** As the user would name it: relative to the working folder. */
  readonly file: string;
  readonly spec: JobSpec;
}

/** The jobs of one namespace. */
export interface NamespaceJobs {
  readonly namespace: NamespaceConfig;
  readonly jobs: readonly LocatedJob[];
}

/** All good jobs of some namespaces, and everything wrong with the files of the others. */
export interface ReadJobs {
  readonly namespaces: readonly NamespaceJobs[];
  /** By file, then in the order in which they stand there. */
  readonly problems: readonly FileProblem[];
  /** What is understood but not acted on yet. */
  readonly warnings: readonly FileProblem[];
  /** The names of all jobs, those with problems too, and the files that give them. */
  readonly names: ReadonlyMap<string, string>;
}

/** Where the files are reported from, and how windows are computed. */
export interface ReadJobsDeps {
  readonly cwd: string;
  readonly computeWindow: ComputeWindow;
}

/** A file and what came of it. */
export interface ReadJob extends ParsedJob {
  /** Relative to the working folder. */
  readonly file: string;
}

/** Files open at a time: enough to keep the disk busy, few enough for any descriptor limit. */
const BATCH = 64;

/** Reads and checks every job of the namespaces. */
export async function readJobs(
  namespaces: readonly NamespaceConfig[],
  deps: ReadJobsDeps,
): Promise<ReadJobs> {
  const read: { readonly namespace: NamespaceConfig; readonly jobs: readonly ReadJob[] }[] = [];
  const problems: FileProblem[] = [];
  for (const namespace of namespaces) {
    const { jobs, problems: inherited } = await readNamespace(namespace, deps);
    read.push({ namespace, jobs });
    problems.push(...inherited);
  }
  const all = read.flatMap(({ jobs }) => jobs);
  problems.push(...all.flatMap((job) => job.problems), ...(await findRepeatedNames(all, deps.cwd)));
  return {
    namespaces: read.map(({ namespace, jobs }) => ({ namespace, jobs: jobs.flatMap(toLocated) })),
    problems: sortProblems(problems),
    warnings: sortProblems(all.flatMap((job) => job.warnings)),
    names: new Map(all.flatMap(({ name, file }) => (name === undefined ? [] : [[name, file] as const]))),
  };
}

async function readNamespace({ jobPath }: NamespaceConfig, deps: ReadJobsDeps) {
  const { jobs: folders, inherited } = await findJobFolders(jobPath);
  const { byFolder, problems } = await readInherited(inherited, deps.cwd);
  const jobs: ReadJob[] = [];
  for (let start = 0; start < folders.length; start += BATCH) {
    const batch = folders.slice(start, start + BATCH);
    const read = batch.map((folder) => readJob(folder, findInheritance(byFolder, folder.folder), deps));
    jobs.push(...(await Promise.all(read)));
  }
  return { jobs, problems };
}

async function readJob(
  folder: JobFolder,
  inheritance: Inheritance | undefined,
  { cwd, computeWindow }: ReadJobsDeps,
): Promise<ReadJob> {
  const absolute = path.join(folder.folder, JOB_FILE_NAME);
  const file = path.relative(cwd, absolute);
  const [read, { assets, problems }] = await Promise.all([
    readText(absolute, 'write it in UTF-8'),
    readAssets(folder),
  ]);
  const ofAssets = problems.map((problem) => ({ ...problem, file: path.relative(cwd, problem.file) }));
  if (!read.ok) return refuse(file, [{ ...read, file }, ...ofAssets]);
  const parsed = parseJob({ file, text: read.text, assets, inheritance }, { computeWindow });
  if (ofAssets.length === 0) return { file, ...parsed };
  return { file, ...parsed, spec: undefined, problems: [...parsed.problems, ...ofAssets] };
}

function refuse(file: string, problems: readonly FileProblem[]): ReadJob {
  return { file, spec: undefined, name: undefined, problems, warnings: [] };
}

function toLocated({ file, spec, problems }: ReadJob): readonly LocatedJob[] {
  return spec && problems.length === 0 ? [{ file, spec }] : [];
}
