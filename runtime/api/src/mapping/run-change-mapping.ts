import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RunChange } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { SeenChange } from '../run-changes/change-queue.ts';
import { toJobEvent } from './job-event-mapping.ts';
import { toInstanceType } from './run-mapping.ts';
import { toTimestamp } from './time-mapping.ts';

type Answer = MessageInitShape<typeof core.WatchRunChangesResponseSchema>;

/** A change as a listener gets it. */
export function toSeenChange({ position, change }: SeenChange): Answer {
  return { eventId: position, ...(change && { change: toRunChange(change) }) };
}

/** A change as listings show it. */
export function toRunChange(change: RunChange): MessageInitShape<typeof core.RunChangeSchema> {
  return {
    id: change.id,
    runId: change.runId,
    projectName: change.project,
    namespaceName: change.namespace,
    jobName: change.job,
    scheduledAt: toTimestamp(change.scheduledAt),
    state: change.state,
    previousState: change.previousState ?? '',
    message: change.message,
    changedAt: toTimestamp(change.changedAt),
    ...(change.attempt && { attempt: toAttempt(change.attempt) }),
    ...(change.event && { event: toJobEvent(change.event) }),
  };
}

function toAttempt({ id, instance, number }: NonNullable<RunChange['attempt']>) {
  return { id, number, instanceName: instance.name, instanceType: toInstanceType(instance.type) };
}
