import {
  formatInstant,
  type InstanceKey,
  listRuns,
  makeRunContext,
  OptimusError,
  type RunContextRequest,
  runJobs,
} from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { Caller, ServiceHandlers } from '../call/call.ts';
import { toFileFields } from '../mapping/file-mapping.ts';
import { fromJobSpecification } from '../mapping/job-spec-from-message.ts';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { toSeenChange } from '../mapping/run-change-mapping.ts';
import { fromInstanceType, fromStateFilter, toInstanceType, toRunDetail } from '../mapping/run-mapping.ts';
import { fromRequiredTimestamp, fromTimestamp, toTimestamp } from '../mapping/time-mapping.ts';
import type { RunChangeHub } from '../run-changes/run-change-hub.ts';
import { watchRunChanges } from '../run-changes/watch-run-changes.ts';
import { computeRequestedWindow } from './compute-window.ts';
import { describeJobTask } from './describe-job-task.ts';
import { answerWhy } from './explain-job-run.ts';
import { listExpectedRuns, PENDING } from './list-expected-runs.ts';
import { MAX_PAGE_SIZE, toPageSize } from './page-size.ts';
import { fromTimeToken } from './page-token.ts';
import { answerRenderedJob } from './render-job.ts';
import { createRunControlHandlers } from './run-control.ts';
import { createRunEventHandlers } from './run-events.ts';
import { streamAttemptLog } from './stream-attempt-log.ts';

type Handlers = ServiceHandlers<typeof core.JobRunService>;

/** Handlers of `JobRunService`. */
export function createJobRunHandlers(deps: ApiDeps, hub: RunChangeHub): Handlers {
  return {
    ...createContextHandlers(deps),
    ...createListingHandlers(deps),
    ...createRunControlHandlers(deps),
    ...createRunEventHandlers(deps),

    async getJobTask({ projectName, namespaceName, jobName }) {
      const address = { project: projectName, namespace: namespaceName, job: jobName };
      return { task: await describeJobTask(deps, address) };
    },

    getWindow: async (request) => computeRequestedWindow(deps, request),

    renderJob: (request) => answerRenderedJob(deps, request),

    async runJob({ projectName, namespaceName, specifications }) {
      const jobs = specifications.map(fromJobSpecification);
      const runs = await runJobs(deps, { project: projectName, namespace: namespaceName, jobs });
      return { scheduledAt: runs.map(({ scheduledAt }) => toTimestamp(scheduledAt)) };
    },

    explainJobRun: (request) => answerWhy(deps, request),

    getJobRunLog: (request, context) => streamAttemptLog(deps, request, context),

    async *watchRunChanges(request, context) {
      for await (const seen of watchRunChanges({ ...deps, hub }, request, context)) yield toSeenChange(seen);
    },
  };
}

/** What an instance asks for when it starts. */
function createContextHandlers(deps: ApiDeps): Pick<Handlers, 'registerInstance' | 'jobRunInput'> {
  return {
    async registerInstance(request, { caller }) {
      const asked = toContextRequest(request);
      assertMayRead(caller, asked);
      const made = await makeRunContext(deps, asked);
      const { envs, files, secrets, warnings } = made.context;
      return {
        project: { name: made.project.name, config: made.project.config },
        namespace: { name: made.namespace.name, config: made.namespace.config },
        job: toJobSpecification(made.job.spec),
        instance: {
          name: asked.instance.name,
          type: toInstanceType(asked.instance.type),
          state: made.runState ?? PENDING,
          executedAt: toTimestamp(made.executionTime),
          data: toInstanceData(envs),
        },
        context: { envs, ...toFileFields(files), secrets, warnings: [...warnings] },
      };
    },

    async jobRunInput(request, { caller }) {
      const asked = toContextRequest(request);
      assertMayRead(caller, asked);
      const { envs, files, secrets, warnings } = (await makeRunContext(deps, asked)).context;
      return { envs, ...toFileFields(files), secrets, warnings: [...warnings] };
    },
  };
}

function createListingHandlers(deps: ApiDeps): Pick<Handlers, 'jobStatus' | 'jobRun' | 'getJobRuns'> {
  return {
    async jobStatus({ projectName, jobName }) {
      const address = { project: projectName, job: jobName };
      const runs = await listRuns(deps, address, { limit: MAX_PAGE_SIZE });
      return { statuses: runs.map(toStatus) };
    },

    async jobRun(request) {
      return { jobRuns: (await listExpectedRuns(deps, request)).map(toStatus) };
    },

    async getJobRuns(request) {
      const limit = toPageSize(request.pageSize);
      const address = { project: request.projectName, job: request.jobName };
      const runs = await listRuns(deps, address, { ...toRunFilter(request), limit });
      const last = runs.length === limit ? runs.at(-1) : undefined;
      return { runs: runs.map(toRunDetail), nextPageToken: last?.scheduledAt.toISOString() ?? '' };
    },
  };
}

function toContextRequest(
  request: core.RegisterInstanceRequest | core.JobRunInputRequest,
): RunContextRequest {
  return {
    project: request.projectName,
    job: request.jobName,
    scheduledAt: fromRequiredTimestamp(request.scheduledAt, 'scheduled_at'),
    instance: { type: fromInstanceType(request.instanceType), name: request.instanceName },
  };
}

/** An attempt sees what its own instance sees. @throws OptimusError `PERMISSION_DENIED` */
function assertMayRead({ name, instance: own }: Caller, asked: RunContextRequest): void {
  if (own === undefined || isSameInstance(own, asked)) return;
  throw new OptimusError('PERMISSION_DENIED', {
    message: `the credential of ${name} asks for the context of its own instance alone, which is ${toPlace(own)}`,
    hint: 'ask with PROJECT, JOB_NAME, SCHEDULED_AT, INSTANCE_TYPE and INSTANCE_NAME as the environment gives them',
  });
}

function isSameInstance(own: InstanceKey, asked: RunContextRequest): boolean {
  return (
    own.project === asked.project &&
    own.job === asked.job &&
    own.scheduledAt.getTime() === asked.scheduledAt.getTime() &&
    own.instance.type === asked.instance.type &&
    own.instance.name === asked.instance.name
  );
}

function toPlace({ project, job, scheduledAt, instance }: InstanceKey): string {
  return `${instance.type} "${instance.name}" of job "${job}" in project "${project}" at ${formatInstant(scheduledAt)}`;
}

const INSTANCE_VARIABLES = ['DSTART', 'DEND', 'EXECUTION_TIME'];

function toInstanceData(envs: Readonly<Record<string, string>>) {
  return INSTANCE_VARIABLES.flatMap((name) => {
    const value = envs[name];
    return value === undefined ? [] : [{ name, value, type: core.InstanceSpecData_Type.ENV }];
  });
}

function toStatus({ state, scheduledAt }: { readonly state: string; readonly scheduledAt: Date }) {
  return { state, scheduledAt: toTimestamp(scheduledAt) };
}

function toRunFilter({ state, since, until, pageToken }: core.GetJobRunsRequest) {
  const states = fromStateFilter(state);
  const [from, to, before] = [
    fromTimestamp(since, 'since'),
    fromTimestamp(until, 'until'),
    pageToken === '' ? undefined : fromTimeToken(pageToken),
  ];
  return {
    ...(states ? { states } : {}),
    ...(from ? { since: from } : {}),
    ...(to ? { until: to } : {}),
    ...(before ? { before } : {}),
  };
}
