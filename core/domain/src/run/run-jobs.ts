import { OptimusError } from '../error/optimus-error.ts';
import { getJob } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import { toJobContentHash } from '../job/job-content-hash.ts';
import type { JobSpec } from '../job/job-spec.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { computeJobWindow } from './job-window.ts';
import type { RunKey } from './run.ts';
import type { ComputeWindow } from './run-context.ts';

/** What running by hand needs of the world. */
export interface RunJobsDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly runs: Pick<RunStore, 'create'>;
  readonly computeWindow: ComputeWindow;
  /** The time by the database. */
  readonly now: () => Date | Promise<Date>;
}

/** Jobs as a client has them. */
export interface RunJobsRequest {
  readonly project: string;
  readonly namespace: string;
  readonly jobs: readonly JobSpec[];
}

/** Runs by hand go before scheduled ones: somebody waits for them. */
const PRIORITY = 100_000;

/**
 * Runs jobs once, outside their schedule, at the present second: its window is that of a tick at this second. A job runs as it is
 * deployed; one that differs from what the client has is refused, before any run is made.
 * @throws OptimusError `JOB_NOT_FOUND`, `PRECONDITION_FAILED` when a job differs or has a run at this second
 */
export async function runJobs(deps: RunJobsDeps, request: RunJobsRequest): Promise<readonly RunKey[]> {
  const jobs = await Promise.all(request.jobs.map((spec) => getDeployed(deps, request, spec)));
  const scheduledAt = toSecond(await deps.now());
  return Promise.all(jobs.map((job) => runOnce(deps, job, scheduledAt)));
}

async function getDeployed(
  deps: RunJobsDeps,
  { project, namespace }: RunJobsRequest,
  spec: JobSpec,
): Promise<Job> {
  const job = await getJob(deps, { project, namespace, job: spec.name });
  if (job.contentHash === toJobContentHash(spec)) return job;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `job "${spec.name}" is not deployed as it stands here`,
    hint: 'deploy it first with: optimus deploy',
    fields: { project, job: spec.name },
  });
}

async function runOnce(deps: RunJobsDeps, job: Job, scheduledAt: Date): Promise<RunKey> {
  const { id: jobId, versionId, spec, project } = job;
  const window = await computeJobWindow(deps, job, scheduledAt);
  const isNew = await deps.runs.create({ jobId, versionId, scheduledAt, window, priority: PRIORITY });
  if (isNew) return { project, job: spec.name, scheduledAt };
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `job "${spec.name}" has a run at ${formatInstant(scheduledAt)}, or was deleted`,
    hint: 'try again in a second',
    fields: { project, job: spec.name },
  });
}

/** A whole second is what people can type after `--scheduled-at`. */
function toSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}
