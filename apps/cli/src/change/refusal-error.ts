import { OptimusError } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { type FileProblem, formatProblem, locateJobProblems, sortProblems } from '@optimus/spec';
import type { NamespaceConfig } from '../config/client-config.ts';
import { readJobSource } from '../spec/read-job-source.ts';
import type { Upsert } from './compare-jobs.ts';

/** A change that the server refused in whole or in part. */
export interface RefusedChange {
  readonly refusals: readonly core.ChangeRefusal[];
  /** The jobs that were sent. */
  readonly upserts: readonly Upsert[];
  /** The folders that they were read from; undefined when those may say something else by now. */
  readonly folder: JobsFolder | undefined;
  /** What is wrong with files whose jobs were not sent. */
  readonly problems: readonly FileProblem[];
  /** What became of the change. */
  readonly outcome: string;
}

/** Where the files of jobs lie. */
export interface JobsFolder {
  readonly cwd: string;
  readonly namespaces: readonly NamespaceConfig[];
}

/** The error for refused jobs: a line a problem, with its place in the job's file where that can be told. */
export function createRefusalError(change: RefusedChange): OptimusError {
  const { refusals, upserts, folder, problems, outcome } = change;
  const byName = new Map(upserts.map((upsert): [string, Upsert] => [upsert.spec.name, upsert]));
  const located: FileProblem[] = [...problems];
  const others: string[] = [];
  for (const refusal of refusals) {
    const upsert = byName.get(refusal.jobName);
    const found = upsert && folder && locate(refusal, upsert, folder);
    if (found) located.push(...found);
    else others.push(...toLines(refusal, upsert));
  }
  const cause = `${problems.length > 0 ? 'some files are wrong, and ' : ''}the server refuses some jobs`;
  const lines = [`${cause}; ${outcome}`, ...sortProblems(located).map(formatProblem), ...others];
  return new OptimusError('SPEC_INVALID', { message: lines.join('\n') });
}

function locate(
  { problems }: core.ChangeRefusal,
  { namespace, spec, file }: Upsert,
  { cwd, namespaces }: JobsFolder,
): readonly FileProblem[] | undefined {
  const own = namespaces.find(({ name }) => name === namespace);
  const source = own && readJobSource(file, cwd, own);
  const found = problems.map(({ path, message, line, column }) => {
    return { path, message, place: line > 0 ? { line, column } : undefined };
  });
  return source && locateJobProblems(source, spec, found);
}

function toLines({ jobName, problems }: core.ChangeRefusal, upsert: Upsert | undefined): readonly string[] {
  return problems.map(({ path, message }) => {
    const mend = path === 'deletion' ? '; change those first, or use --force' : '';
    return [upsert?.file, `${jobName}: ${path} ${message}${mend}`].filter(Boolean).join(' ');
  });
}
