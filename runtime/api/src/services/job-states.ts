import { getNamespace, OptimusError, setJobStates } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';

type Handlers = Pick<
  ServiceHandlers<typeof core.JobSpecificationService>,
  'updateJobsState' | 'syncJobsState'
>;

/** The handlers that let several jobs run or hold them back. */
export function createJobStateHandlers(deps: ApiDeps): Handlers {
  return {
    async updateJobsState({ jobNames, state, ...tenant }) {
      const isPaused = fromJobState(state, 'state');
      await set(
        deps,
        tenant,
        jobNames.map((name) => ({ name, isPaused })),
      );
      return {};
    },

    async syncJobsState({ jobStates, ...tenant }) {
      const jobs = jobStates.map(({ jobName, state }, index) => ({
        name: jobName,
        isPaused: fromJobState(state, `job_states[${index}].state`),
      }));
      await set(deps, tenant, jobs);
      return {};
    },
  };
}

async function set(
  deps: ApiDeps,
  {
    projectName,
    namespaceName,
  }: Pick<core.UpdateJobsStateRequest | core.SyncJobsStateRequest, 'projectName' | 'namespaceName'>,
  jobs: Parameters<typeof setJobStates>[1]['jobs'],
): Promise<void> {
  await getNamespace(deps, projectName, namespaceName);
  await setJobStates(deps, { project: projectName, namespace: namespaceName, jobs });
}

function fromJobState(state: core.JobState, field: string): boolean {
  if (state === core.JobState.ENABLED) return false;
  if (state === core.JobState.DISABLED) return true;
  throw new OptimusError('REQUEST_INVALID', {
    message: `${field} is not given`,
    hint: 'use JOB_STATE_ENABLED or JOB_STATE_DISABLED',
    fields: { field },
  });
}
