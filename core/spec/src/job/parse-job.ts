import type { JobSpec, JobSpecProblem } from '@optimus/domain';
import { checkShape } from '../yaml/check-shape.ts';
import { type FileProblem, sortProblems } from '../yaml/file-problem.ts';
import { loadYaml } from '../yaml/load-yaml.ts';
import { locateProblems } from '../yaml/locate-problems.ts';
import type { PathProblem, YamlFile } from '../yaml/yaml-file.ts';
import { toFieldPath } from './field-path.ts';
import { findJobProblems, isWhole, type JobRules } from './find-job-problems.ts';
import { findLeftBehind } from './find-left-behind.ts';
import { inherit } from './inherit.ts';
import { jobSchema } from './job-schema.ts';
import type { Inheritance } from './parse-inherited.ts';
import { toJobSpec } from './to-job-spec.ts';

/** A `job.yaml` and what belongs to it. */
export interface JobSource extends YamlFile {
  /** Name, relative to the `assets` folder, to text. */
  readonly assets: Readonly<Record<string, string>>;
  readonly inheritance?: Inheritance | undefined;
}

/** A job, or everything wrong with its file. */
export interface ParsedJob {
  /** What the file says; undefined when it says it wrongly. A job that the rules refuse has both this and problems. */
  readonly spec: JobSpec | undefined;
  /** The name that the file gives, when it is one. */
  readonly name: string | undefined;
  readonly problems: readonly FileProblem[];
  /** What is understood but not acted on yet. */
  readonly warnings: readonly FileProblem[];
}

/** Parses and checks one job: all problems of the file come in one pass; a problem of an asset names the asset's file. Pure. */
export function parseJob(source: JobSource, rules: JobRules): ParsedJob {
  const loaded = loadYaml(source);
  if (loaded.isEmpty) return refuse([{ file: source.file, line: 1, column: 1, message: EMPTY }]);
  if (loaded.value === undefined) return refuse(loaded.problems);
  const own = checkShape(jobSchema, loaded.value);
  if (own.value === undefined) return refuse([...loaded.problems, ...locateProblems([source], own.problems)]);
  const { inheritance } = source;
  const fragment = inheritance ? inherit(own.value, inheritance.fragment) : own.value;
  const spec = toJobSpec(fragment, source.assets);
  const reported = [...own.problems.map(({ path }) => path), ...(inheritance?.reported ?? [])];
  const found = [...own.problems, ...findJobProblems(fragment, spec, rules, reported)];
  const problems = [...loaded.problems, ...locate(source, found)];
  return {
    spec: loaded.problems.length === 0 && isWhole(fragment, reported) ? spec : undefined,
    name: fragment.name ?? undefined,
    problems: sortProblems(problems),
    warnings: locate(source, findLeftBehind(spec)),
  };
}

const EMPTY =
  'is empty; a job has at least version, name, owner, schedule.start_date and task.name, or inherits them';

function refuse(problems: readonly FileProblem[]): ParsedJob {
  return { spec: undefined, name: undefined, problems: sortProblems(problems), warnings: [] };
}

/** Gives problems that somebody else found in a job their places in its files, in the form of those that {@link parseJob} finds. Pure. */
export function locateJobProblems(
  source: Omit<JobSource, 'assets'>,
  spec: JobSpec,
  problems: readonly JobSpecProblem[],
): readonly FileProblem[] {
  const found = problems.map(({ path: field, message, place }) => ({
    path: toFieldPath(field, spec),
    place,
    message: field.startsWith('assets.')
      ? message
      : `${field}${field === 'task.window' ? ':' : ''} ${message}`,
  }));
  return locate(source, found);
}

/** Gives what is to be said of a job, be it no problem, its place in a job's files. Without a source only those on assets have one. Pure. */
export function locateJobRemark(
  { path: field, place, message }: JobSpecProblem,
  { file, spec, source }: LocatedSource,
): FileProblem | undefined {
  const path = toFieldPath(field, spec);
  const [first, name] = path;
  if (first === 'assets' && name !== undefined)
    return { file: toAssetFile(file, String(name)), ...(place ?? BEGINNING), message };
  return source && locate(source, [{ path, message }])[0];
}

/** A job, its file, and what that says. */
export interface LocatedSource {
  readonly file: string;
  readonly spec: JobSpec;
  readonly source: Omit<JobSource, 'assets'> | undefined;
}

type LocatedProblem = PathProblem & Pick<JobSpecProblem, 'place'>;

const BEGINNING = { line: 1, column: 1 };

function locate(source: Omit<JobSource, 'assets'>, found: readonly LocatedProblem[]): readonly FileProblem[] {
  const inAssets = found.flatMap(({ path: [first, name], message, place = BEGINNING }) =>
    first === 'assets' && name !== undefined
      ? [{ file: toAssetFile(source.file, String(name)), ...place, message }]
      : [],
  );
  const inYaml = found.filter(({ path: [first, name] }) => first !== 'assets' || name === undefined);
  return [...inAssets, ...locateProblems([source, ...(source.inheritance?.files ?? [])], inYaml)];
}

function toAssetFile(jobFile: string, name: string): string {
  return `${jobFile.slice(0, jobFile.lastIndexOf('/') + 1)}assets/${name}`;
}
