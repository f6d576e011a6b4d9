import { getRun, OptimusError, parseJobKey, registerJobEvent } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { CallContext, ServiceHandlers } from '../call/call.ts';
import { fromEventType } from '../mapping/job-event-mapping.ts';
import { toRunChange } from '../mapping/run-change-mapping.ts';
import { fromRequiredTimestamp } from '../mapping/time-mapping.ts';
import { toPageSize } from './page-size.ts';
import { fromIdToken } from './page-token.ts';

type Handlers = ServiceHandlers<typeof core.JobRunService>;

/** Handlers of what others tell of a run, and of what happened in it. */
export function createRunEventHandlers(
  deps: ApiDeps,
): Pick<Handlers, 'registerJobEvent' | 'getJobRunEvents'> {
  return {
    registerJobEvent: (request, context) => answerRegisterJobEvent(deps, request, context),

    async getJobRunEvents(request) {
      const { projectName, jobName, pageToken } = request;
      const scheduledAt = fromRequiredTimestamp(request.scheduledAt, 'scheduled_at');
      const address = { project: projectName, job: jobName };
      const limit = toPageSize(request.pageSize);
      await getRun(deps, { ...address, scheduledAt });
      const query = { limit, ...(pageToken !== '' && { afterId: fromIdToken(pageToken) }) };
      const events = await deps.runChanges.listOf({ ...parseJobKey(address), scheduledAt }, query);
      const last = events.length === limit ? events.at(-1) : undefined;
      return { events: events.map(toRunChange), nextPageToken: last?.id ?? '' };
    },
  };
}

/** Both services that have the rpc end here. An attempt tells of its own run alone. */
export async function answerRegisterJobEvent(
  deps: ApiDeps,
  { projectName, namespaceName, jobName, event }: core.RegisterJobEventRequest,
  { caller }: Pick<CallContext, 'caller'>,
): Promise<Record<string, never>> {
  const own = caller.instance;
  if (own && (own.project !== projectName || own.job !== jobName))
    throw new OptimusError('PERMISSION_DENIED', {
      message: `the credential of ${caller.name} tells events of its own run alone, which is of job "${own.job}" in project "${own.project}"`,
    });
  await registerJobEvent(deps, {
    project: projectName,
    namespace: namespaceName,
    job: jobName,
    type: fromEventType(event?.type),
    value: event?.value ?? {},
    ...(own && { ownScheduledAt: own.scheduledAt }),
  });
  return {};
}
