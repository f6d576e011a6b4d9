import path from 'node:path';
import {
  type ComputeWindow,
  findJobSpecProblems,
  type JobSpec,
  type JobSpecProblem,
  OptimusError,
  toErrorMessage,
} from '@optimus/domain';
import type { FileProblem } from '../yaml/file-problem.ts';
import { locateProblems, type PathProblem, parseYaml, type YamlFile } from '../yaml/parse-yaml.ts';
import { jobYamlSchema } from './job-yaml-schema.ts';
import { toJobSpec } from './to-job-spec.ts';

/** A specification and the file it stands in. */
export interface LocatedJob {
  /** As the user would name it: relative to the working folder. */
  readonly file: string;
  readonly spec: JobSpec;
}

/** A job, or everything wrong with its file. */
export interface ParsedJob {
  readonly job: LocatedJob | undefined;
  readonly problems: readonly FileProblem[];
}

/** Parses and checks one job. All problems of the file come in one pass; a problem of an asset names the asset's file. */
export function parseJobFile(
  source: YamlFile,
  assets: Readonly<Record<string, string>>,
  computeWindow: ComputeWindow,
): ParsedJob {
  const parsed = parseYaml(source, jobYamlSchema);
  if (!parsed.ok) return { job: undefined, problems: parsed.problems };
  try {
    const spec = toJobSpec(parsed.value, assets);
    const found = findJobSpecProblems(spec, computeWindow);
    return { job: { file: source.file, spec }, problems: locateSpecProblems(source, found) };
  } catch (thrown) {
    if (!(thrown instanceof OptimusError)) throw thrown;
    return {
      job: undefined,
      problems: locateProblems(source, [{ path: ['name'], message: toErrorMessage(thrown) }]),
    };
  }
}

function locateSpecProblems(source: YamlFile, found: readonly JobSpecProblem[]): readonly FileProblem[] {
  if (found.length === 0) return [];
  const inAssets = found.flatMap((problem) => toAssetProblem(source, problem));
  const inYaml = found.filter(({ path: field }) => !field.startsWith('assets.')).map(toPathProblem);
  return [...locateProblems(source, inYaml), ...inAssets];
}

function toAssetProblem({ file }: YamlFile, { path: field, message }: JobSpecProblem): FileProblem[] {
  if (!field.startsWith('assets.')) return [];
  const asset = path.join(path.dirname(file), 'assets', field.slice('assets.'.length));
  return [{ file: asset, line: 0, column: 0, message }];
}

/** Names of configuration entries may hold dots: what follows `config.` is one step. */
function toPathProblem({ path: field, message }: JobSpecProblem): PathProblem {
  const [, before, name] = /^(.*\bconfig)\.(.+)$/.exec(field) ?? [];
  const steps = before === undefined ? field.split('.') : [...before.split('.'), name ?? ''];
  return { path: steps, message: `${field} ${message}` };
}
