import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RunChange } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { SeenChange } from '../run-changes/change-queue.ts';
import { toInstanceType } from './run-mapping.ts';
import { toTimestamp } from './time-mapping.ts';

type Answer = MessageInitShape<typeof core.WatchRunChangesResponseSchema>;

/** A change as a listener gets it. */
export function toSeenChange({ position, change }: SeenChange): Answer {
  return { eventId: position, ...(change && { change: toChange(change) }) };
}

function toChange(change: RunChange): NonNullable<Answer['change']> {
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
  };
}

function toAttempt({ id, instance, number }: NonNullable<RunChange['attempt']>) {
  return { id, number, instanceName: instance.name, instanceType: toInstanceType(instance.type) };
}
