import { OptimusError } from '../error/optimus-error.ts';
import { getJobDigest, type JobAddress, parseJobKey } from '../job/get-job.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { RemovedRuns, RunQuery, RunStore } from '../ports/run-store.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { findInstance } from './find-instance.ts';
import type { Attempt, Run, RunDetail } from './run.ts';

interface RunDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly runs: Pick<RunStore, 'findDetail' | 'list' | 'findRemoved'>;
}

/** Runs of a job, newest tick first. @throws OptimusError `JOB_NOT_FOUND` */
export async function listRuns(
  deps: RunDeps,
  address: JobAddress,
  query: Omit<RunQuery, 'project' | 'job'>,
): Promise<readonly RunDetail[]> {
  await getJobDigest(deps, address);
  return deps.runs.list({ ...query, ...parseJobKey(address) });
}

/** The run of a job's newest tick, without its instances; undefined when it has none yet. @throws OptimusError `JOB_NOT_FOUND` */
export async function findLastRun(
  deps: Pick<RunDeps, 'projects' | 'jobs'> & { readonly runs: Pick<RunStore, 'findLast'> },
  address: Omit<JobAddress, 'namespace'>,
): Promise<Run | undefined> {
  const run = await deps.runs.findLast(parseJobKey(address));
  // Only a run that is not there leaves the question whether the job is.
  if (!run) await getJobDigest(deps, address);
  return run;
}

/** Which attempt of a run is meant: absent fields mean the task and its newest attempt. */
export interface AttemptAddress extends JobAddress {
  readonly scheduledAt: Date;
  readonly instance?: string;
  readonly attempt?: number;
}

/** One attempt of a run. @throws OptimusError `RUN_NOT_FOUND`, `INSTANCE_NOT_FOUND`, `LOG_NOT_FOUND` when the run has no such attempt yet */
export async function getAttempt(
  deps: RunDeps,
  address: AttemptAddress,
): Promise<{ readonly run: RunDetail; readonly attempt: Attempt }> {
  const run = await getRun(deps, address);
  const name = address.instance ?? run.instances.find(({ type }) => type === 'task')?.name ?? 'task';
  const instance = findInstance(run.instances, name, address);
  const attempt =
    address.attempt === undefined
      ? instance.attempts.at(-1)
      : instance.attempts.find(({ number }) => number === address.attempt);
  if (!attempt)
    throw notFound('LOG_NOT_FOUND', sayMissing(address.attempt, instance.attempts.length), address);
  return { run, attempt };
}

function sayMissing(number: number | undefined, count: number): string {
  if (number === undefined || count === 0) return 'the run has no attempt yet';
  return `the run has no attempt ${number}: it has ${count}`;
}

/** One run with its instances. @throws OptimusError `RUN_NOT_FOUND`, `JOB_NOT_FOUND` */
export async function getRun(
  deps: RunDeps,
  address: JobAddress & { readonly scheduledAt: Date },
): Promise<RunDetail> {
  await getJobDigest(deps, address);
  const { scheduledAt } = address;
  const key = parseJobKey(address);
  const run = await deps.runs.findDetail({ ...key, scheduledAt });
  if (run) return run;
  const removed = await deps.runs.findRemoved(key);
  const isRemoved = removed !== undefined && scheduledAt <= removed.until;
  throw notFound('RUN_NOT_FOUND', isRemoved ? toRemoval(removed) : 'there is no such run', address);
}

/** Which runs they were is not kept: that the tick had one cannot be told any more. */
function toRemoval({ until, count }: RemovedRuns): string {
  const runs = count === 1 ? '1 old run' : `${count} old runs`;
  return `there is no such run any more: retention has removed ${runs} of the job, up to ${formatInstant(until)}`;
}

function notFound(
  code: 'RUN_NOT_FOUND' | 'LOG_NOT_FOUND',
  what: string,
  address: { readonly job: string; readonly scheduledAt: Date },
): OptimusError {
  const at = formatInstant(address.scheduledAt);
  return new OptimusError(code, {
    message: `job "${address.job}" at ${at}: ${what}`,
    hint: `list its runs with: optimus job runs ${address.job}`,
    fields: { job: address.job, scheduledAt: at },
  });
}
