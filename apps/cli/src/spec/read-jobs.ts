import path from 'node:path';
import type { ComputeWindow, JobSpec } from '@optimus/domain';
import { type FileProblem, type Inheritance, type ParsedJob, parseJob, sortProblems } from '@optimus/spec';
import type { NamespaceConfig } from '../config/client-config.ts';
import { toRealFolders } from './find-escape.ts';
import { findJobFolders, JOB_FILE_NAME, type JobFolder, type MisnamedFile } from './find-job-folders.ts';
import { findRepeatedNames, type NamedFile } from './find-repeated-names.ts';
import { JobMemory, type JobMemoryOptions, type RememberedJob } from './job-memory.ts';
import { findJobStamp, toInheritanceKey } from './job-stamp.ts';
import { readAssets } from './read-assets.ts';
import { findInheritance, readInherited } from './read-inherited.ts';
import { type ReadText, readText } from './read-text.ts';
import { readWithin } from './read-within.ts';
import { toSentHash } from './sent-hash.ts';

/** A specification and the file it stands in. */
export interface LocatedJob {
  /** As the user would name it: relative to the working folder. */
  readonly file: string;
  readonly spec: JobSpec;
  /** {@link toSentHash} of the specification; absent when the reader was not to remember it. */
  readonly contentHash?: string | undefined;
}

/** A good job whose files are as they were when they were read before. */
export interface KnownJob extends RememberedJob {
  /** Relative to the working folder. */
  readonly file: string;
  /** Reads it all the same. */
  read(): ReadJob;
}

/** The jobs of one namespace. */
export interface NamespaceJobs {
  readonly namespace: NamespaceConfig;
  readonly jobs: readonly LocatedJob[];
  /** Good jobs that were not read again; none unless the reader has a memory. */
  readonly known: readonly KnownJob[];
}

/** All good jobs of some namespaces, and everything wrong with the files of the others. */
export interface ReadJobs {
  readonly namespaces: readonly NamespaceJobs[];
  /** By file, then in the order in which they stand there. */
  readonly problems: readonly FileProblem[];
  /** Files that nobody reads and were probably meant to be read; then what is understood but not acted on yet, of the jobs that were read. */
  readonly warnings: readonly FileProblem[];
  /** The names of all jobs, those with problems too, and the files that give them. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether some file is so wrong that it does not even tell the name of its job. */
  readonly isNameMissing: boolean;
}

/** Where the files are reported from, and how windows are computed. */
export interface ReadJobsDeps {
  readonly cwd: string;
  readonly computeWindow: ComputeWindow;
  /** Absent: every file is read. */
  readonly memory?: JobMemoryOptions | undefined;
}

/** A file and what came of it. */
export interface ReadJob extends ParsedJob {
  /** Relative to the working folder. */
  readonly file: string;
}

/** Reads and checks every job of the namespaces. @throws OptimusError `CONFIG_INVALID` when a folder cannot be read */
export function readJobs(namespaces: readonly NamespaceConfig[], deps: ReadJobsDeps): ReadJobs {
  const read = namespaces.map((namespace) => ({ namespace, ...readNamespace(namespace, deps) }));
  const all: readonly NamedFile[] = read.flatMap(({ jobs, known }) => [...jobs, ...known]);
  const jobs = read.flatMap((one) => one.jobs);
  const problems = [
    ...read.flatMap((one) => one.problems),
    ...jobs.flatMap((job) => job.problems),
    ...findRepeatedNames(all, deps.cwd),
  ];
  return {
    namespaces: read.map(({ namespace, jobs: own, known }) => ({
      namespace,
      jobs: own.flatMap(toLocated),
      known,
    })),
    problems: sortProblems(problems),
    warnings: [
      ...sortProblems(read.flatMap((one) => one.warnings)),
      ...sortProblems(jobs.flatMap((job) => job.warnings)),
    ],
    names: new Map(all.flatMap(({ name, file }) => (name === undefined ? [] : [[name, file] as const]))),
    isNameMissing: jobs.some(({ name }) => name === undefined),
  };
}

interface HashedJob extends ReadJob {
  readonly contentHash?: string | undefined;
}

function readNamespace({ jobPath, projectPath }: NamespaceConfig, deps: ReadJobsDeps) {
  const memory = deps.memory && new JobMemory(deps.memory, jobPath);
  const { jobs: folders, inherited, misnamed } = findJobFolders(jobPath, memory?.folders.list);
  const realFolders = toRealFolders([jobPath, projectPath]);
  const { byFolder, problems } = readInherited(inherited, { cwd: deps.cwd, realFolders });
  const toFile = createToFile(jobPath, deps.cwd);
  const jobs: HashedJob[] = [];
  const known: KnownJob[] = [];
  for (const folder of folders) {
    const inheritance = findInheritance(byFolder, folder.folder);
    const place = { folder, file: toFile(folder), inheritance, realFolders };
    const found = memory ? remember(place, deps, memory) : readJob(place, deps);
    if ('read' in found) known.push(found);
    else jobs.push(found);
  }
  memory?.save();
  return { jobs, known, problems, warnings: misnamed.map((one) => toMisnamedWarning(one, deps.cwd)) };
}

function toMisnamedWarning({ file, meant }: MisnamedFile, cwd: string): FileProblem {
  const message = `is not read: what is read is called ${meant}; rename it`;
  return { file: path.relative(cwd, file), line: 1, column: 1, message };
}

interface JobPlace {
  readonly folder: JobFolder;
  /** Relative to the working folder. */
  readonly file: string;
  readonly inheritance: Inheritance | undefined;
  /** What the job's files may lie in. */
  readonly realFolders: readonly string[];
}

/** Reads a job, unless it is known by its files. One with problems or warnings is read every time: they are to be told. */
function remember(place: JobPlace, deps: ReadJobsDeps, memory: JobMemory): HashedJob | KnownJob {
  const { folder, file, inheritance } = place;
  const found = findJobStamp(folder, memory.folders.list);
  const stamp = found && { ...found, text: found.text + toInheritanceKey(inheritance) };
  const before = stamp && memory.find(folder.folder, stamp);
  if (before) return { ...before, file, read: () => readJob(place, deps) };
  const job = readJob(place, deps);
  if (!job.spec || job.problems.length + job.warnings.length > 0) return job;
  const contentHash = toSentHash(job.spec);
  if (stamp) memory.keep(folder.folder, stamp, { name: job.spec.name, contentHash });
  return { ...job, contentHash };
}

function readJob(place: JobPlace, { cwd, computeWindow }: ReadJobsDeps): ReadJob {
  const { folder, file, inheritance, realFolders } = place;
  const read = readSpec(folder, realFolders);
  const { assets, problems } = readAssets(folder, realFolders);
  const ofAssets = problems.map((problem) => ({ ...problem, file: path.relative(cwd, problem.file) }));
  if (!read.ok) return refuse(file, [{ ...read, file }, ...ofAssets]);
  const parsed = parseJob({ file, text: read.text, assets, inheritance }, { computeWindow });
  if (ofAssets.length === 0) return { file, ...parsed };
  return { file, ...parsed, spec: undefined, problems: [...parsed.problems, ...ofAssets] };
}

/** Only a link is followed to see where it leads: asking that of every file costs more than reading it. */
function readSpec({ folder, isLinked }: JobFolder, realFolders: readonly string[]): ReadText {
  const file = path.join(folder, JOB_FILE_NAME);
  return isLinked ? readWithin(file, { realFolders, read: readText }) : readText(file);
}

/** The same as `path.relative` of each: for ten thousand of them that takes a tenth of the whole command. */
function createToFile(jobPath: string, cwd: string): (folder: JobFolder) => string {
  const shown = path.relative(cwd, jobPath);
  const from = shown === '' ? jobPath.length + 1 : jobPath.length;
  return ({ folder }) => shown + `${folder}${path.sep}${JOB_FILE_NAME}`.slice(from);
}

function refuse(file: string, problems: readonly FileProblem[]): ReadJob {
  return { file, spec: undefined, name: undefined, problems, warnings: [] };
}

function toLocated({ file, spec, problems, contentHash }: HashedJob): readonly LocatedJob[] {
  return spec && problems.length === 0 ? [{ file, spec, contentHash }] : [];
}
