import { OptimusError } from '../error/optimus-error.ts';
import { getJob, getJobDigest, type JobAddress, parseJobKey } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { EarlyEnd, RerunRequest, RunStore } from '../ports/run-store.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { findInstance } from './find-instance.ts';
import { computeJobWindow } from './job-window.ts';
import { getRun } from './list-runs.ts';
import type { Run, RunDetail } from './run.ts';
import type { ComputeWindow } from './run-context.ts';

/** What stepping in needs of the world. */
export interface RunControlDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly runs: Pick<RunStore, 'findDetail' | 'list' | 'findRemoved' | 'endEarly' | 'rerun' | 'setPaused'>;
  readonly computeWindow: ComputeWindow;
}

/** A run as a client names it. */
export interface RunAddress extends JobAddress {
  readonly scheduledAt: Date;
}

/** Ends a run that is not over, with its attempts. @throws OptimusError `JOB_NOT_FOUND`, `RUN_NOT_FOUND`, `PRECONDITION_FAILED` when it is over */
export async function cancelRun(deps: RunControlDeps, address: RunAddress, message = ''): Promise<Run> {
  const run = await getRun(deps, address);
  const ended = await deps.runs.endEarly(run, { state: 'canceled', message: message || 'canceled by hand' });
  if (ended) return ended;
  throw refusal(
    run,
    `is over already: ${(await getRun(deps, address)).state}`,
    'have it run again with: optimus job rerun',
  );
}

/** What a run can be declared to be. */
export type MarkState = Exclude<EarlyEnd['state'], 'canceled'>;

/** Declares a run to have succeeded or failed, or not to be needed, whatever it did; unless it failed, runs that waited for it begin. @throws OptimusError `JOB_NOT_FOUND`, `RUN_NOT_FOUND` */
export async function markRun(
  deps: RunControlDeps,
  address: RunAddress,
  { state, message = '' }: { readonly state: MarkState; readonly message?: string },
): Promise<Run> {
  const run = await getRun(deps, address);
  const marked = await deps.runs.endEarly(run, { state, message: message || `marked as ${state} by hand` });
  return marked ?? getRun(deps, address);
}

/** How a run is to run again. */
export interface RerunOptions {
  readonly scope: RerunRequest['scope'];
  /** True: the job as it is deployed now, with its window of the tick. False: the version that ran. */
  readonly usesNewest: boolean;
  /** The task or hook that runs again, with what did not succeed; absent: what `scope` says. */
  readonly instance?: string;
}

/** Has a run that is over run again. @throws OptimusError `JOB_NOT_FOUND`, `RUN_NOT_FOUND`, `INSTANCE_NOT_FOUND`, `PRECONDITION_FAILED` while it is not over or an attempt still ends */
export async function rerunRun(
  deps: RunControlDeps,
  address: RunAddress,
  options: RerunOptions,
): Promise<Run> {
  const run = await getRun(deps, address);
  const newest = options.usesNewest ? await getJob(deps, address) : undefined;
  const version = newest && (await toVersion(deps, newest, address.scheduledAt));
  const again = await deps.runs.rerun(run, {
    ...toScope(newest ? listInstances(newest) : run.instances, address, options),
    ...(version && { version }),
  });
  if (again) return again;
  // Removed by retention meanwhile: that is told instead.
  await getRun(deps, address);
  throw refusal(
    run,
    'is not over, or its last attempt is still being ended',
    'cancel it first, or try again in a moment',
  );
}

/** Pauses or resumes a job: a paused one begins no run and plans no tick. Harmless to repeat. @throws OptimusError `JOB_NOT_FOUND` */
export async function setJobPaused(
  deps: Pick<RunControlDeps, 'projects' | 'jobs'> & { readonly runs: Pick<RunStore, 'setPaused'> },
  address: JobAddress,
  isPaused: boolean,
): Promise<void> {
  await getJobDigest(deps, address);
  await deps.runs.setPaused(parseJobKey(address), isPaused);
}

/** Jobs of a namespace, each with whether it is paused. */
export interface JobStates {
  readonly project: string;
  readonly namespace: string;
  readonly jobs: ReadonlyArray<{ readonly name: string; readonly isPaused: boolean }>;
}

/** Pauses and resumes jobs; none of them when one is not deployed in the namespace. @throws OptimusError `JOB_NOT_FOUND` naming it */
export async function setJobStates(
  deps: Parameters<typeof setJobPaused>[0],
  { project, namespace, jobs }: JobStates,
): Promise<void> {
  const addressed = jobs.map(({ name, isPaused }) => ({
    address: { project, namespace, job: name },
    isPaused,
  }));
  for (const { address } of addressed) await getJobDigest(deps, address);
  for (const { address, isPaused } of addressed) await setJobPaused(deps, address, isPaused);
}

type ChosenInstance = NonNullable<RerunRequest['instance']>;

/** What did not succeed runs again with a chosen instance: a failure that stays would have the run skip what follows. */
function toScope(
  instances: readonly ChosenInstance[],
  address: RunAddress,
  { scope, instance: chosen }: RerunOptions,
): Pick<RerunRequest, 'scope' | 'instance'> {
  if (chosen === undefined) return { scope };
  const { type, name } = findInstance(instances, chosen, address);
  return { scope: 'failed', instance: { type, name } };
}

function listInstances({ spec: { task, hooks } }: Job): readonly ChosenInstance[] {
  return [{ type: 'task', name: task.name }, ...hooks.map(({ name }) => ({ type: 'hook' as const, name }))];
}

async function toVersion(
  deps: RunControlDeps,
  job: Job,
  scheduledAt: Date,
): Promise<NonNullable<RerunRequest['version']>> {
  return { id: job.versionId, window: await computeJobWindow(deps, job, scheduledAt) };
}

function refusal({ project, job, scheduledAt }: RunDetail, problem: string, hint: string): OptimusError {
  const at = formatInstant(scheduledAt);
  return new OptimusError('PRECONDITION_FAILED', {
    message: `the run of job "${job}" at ${at} ${problem}`,
    hint,
    fields: { project, job, scheduledAt: at },
  });
}
