import {
  cancelRun,
  getNamespace,
  type MarkState,
  markRun,
  OptimusError,
  parseNamespaceName,
  parseProjectName,
  type RunAddress,
  rerunRun,
  setJobPaused,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { fromStateFilter, toRunDetail } from '../mapping/run-mapping.ts';
import { fromRequiredTimestamp } from '../mapping/time-mapping.ts';
import { toPageSize } from './page-size.ts';
import { fromIdToken } from './page-token.ts';

type Handlers = ServiceHandlers<typeof core.JobRunService>;
type Control = 'cancelJobRun' | 'rerunJobRun' | 'markJobRun' | 'pauseJob' | 'resumeJob' | 'getProjectRuns';

/** What people do to runs, and the list from which they choose. */
export function createRunControlHandlers(deps: ApiDeps): Pick<Handlers, Control> {
  return {
    cancelJobRun: async (request) => toState(await cancelRun(deps, toAddress(request), request.message)),

    async rerunJobRun(request) {
      const scope = request.onlyFailed ? 'failed' : 'all';
      const { newestVersion: usesNewest, instance } = request;
      const options = { scope, usesNewest, ...(instance !== '' && { instance }) } as const;
      return toState(await rerunRun(deps, toAddress(request), options));
    },

    async markJobRun(request) {
      const { message } = request;
      return toState(await markRun(deps, toAddress(request), { state: fromMark(request.state), message }));
    },

    async pauseJob({ projectName, jobName }) {
      await setJobPaused(deps, { project: projectName, job: jobName }, true);
      return {};
    },

    async resumeJob({ projectName, jobName }) {
      await setJobPaused(deps, { project: projectName, job: jobName }, false);
      return {};
    },

    async getProjectRuns(request) {
      const limit = toPageSize(request.pageSize);
      const runs = await deps.runs.listNewest({ ...toProjectFilter(request), limit });
      // Only an empty list leaves the question whether its namespace is there.
      if (runs.length === 0 && request.namespaceName !== '')
        await getNamespace(deps, request.projectName, request.namespaceName);
      const last = runs.length === limit ? runs.at(-1) : undefined;
      return { runs: runs.map(toRunDetail), nextPageToken: last?.id ?? '' };
    },
  };
}

function toAddress({
  projectName,
  jobName,
  scheduledAt,
}: Pick<core.CancelJobRunRequest, 'projectName' | 'jobName' | 'scheduledAt'>): RunAddress {
  return {
    project: projectName,
    job: jobName,
    scheduledAt: fromRequiredTimestamp(scheduledAt, 'scheduled_at'),
  };
}

function toState({ state }: { readonly state: string }) {
  return { state };
}

function fromMark(state: string): MarkState {
  if (state === 'success' || state === 'failed' || state === 'skipped') return state;
  throw new OptimusError('REQUEST_INVALID', {
    message: `a run cannot be marked as ${JSON.stringify(state)}`,
    hint: 'mark it as success, failed or skipped',
    fields: { field: 'state' },
  });
}

function toProjectFilter({ projectName, namespaceName, state, pageToken }: core.GetProjectRunsRequest) {
  const states = fromStateFilter(state);
  return {
    project: parseProjectName(projectName),
    ...(namespaceName !== '' && { namespace: parseNamespaceName(namespaceName) }),
    ...(states && { states }),
    ...(pageToken !== '' && { beforeId: fromIdToken(pageToken) }),
  };
}
