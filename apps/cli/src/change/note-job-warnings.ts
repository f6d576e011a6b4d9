import type { JobSpecProblem } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { formatProblem, locateJobRemark } from '@optimus/spec';
import { readJobSource } from '../spec/read-job-source.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Upsert } from './compare-jobs.ts';
import type { JobsFolder } from './refusal-error.ts';

/** A remark on a job by its name. */
export interface NamedRemark extends JobSpecProblem {
  readonly jobName: string;
}

/** The jobs that remarks may be on, and where they are told. */
export interface RemarkedJobs {
  readonly jobs: ReadonlyArray<Pick<Upsert, 'namespace' | 'spec' | 'file'>>;
  /** Undefined: their files may say something else by now. */
  readonly folder: JobsFolder | undefined;
  readonly terminal: Terminal;
}

/** So many are shown: what is wrong with one job is often wrong with all of them. */
const SHOWN = 10;
/** So many are located for that, which reads the files of their jobs. */
const LOCATED = 100;

/**
 * Passes on what is worth knowing of jobs, with the place in their files where they have some. What a `this.yaml` says wrongly is said
 * once, however many jobs inherit it.
 */
export function noteJobWarnings(
  remarks: readonly NamedRemark[],
  { jobs, folder, terminal }: RemarkedJobs,
): void {
  const label = terminal.style('yellow', 'Warning:', 'stderr');
  const byName = new Map(jobs.map((job): [string, (typeof jobs)[number]] => [job.spec.name, job]));
  const toLine = (remark: NamedRemark) => {
    const job = byName.get(remark.jobName);
    const located = job && locate(remark, job, folder);
    return located ? formatProblem(located) : `${job?.file || remark.jobName}: ${remark.message}`;
  };
  const lines = [...new Set(remarks.slice(0, LOCATED).map(toLine))];
  for (const line of lines.slice(0, SHOWN)) terminal.note(`${label} ${line}`);
  const rest = Math.max(lines.length - SHOWN, 0) + Math.max(remarks.length - LOCATED, 0);
  if (rest > 0) terminal.note(`${label} and ${rest} more like these`);
}

/** Warnings of a server. */
export function toRemarks(warnings: readonly core.JobWarning[]): readonly NamedRemark[] {
  return warnings.map(({ jobName, message, path, line, column }) => {
    return { jobName, message, path, place: line > 0 ? { line, column } : undefined };
  });
}

function locate(
  remark: JobSpecProblem,
  { namespace, spec, file }: RemarkedJobs['jobs'][number],
  folder: JobsFolder | undefined,
) {
  if (file === '') return undefined;
  const own = folder?.namespaces.find(({ name }) => name === namespace);
  const source = folder && own && readJobSource(file, folder.cwd, own);
  return locateJobRemark(remark, { file, spec, source });
}
