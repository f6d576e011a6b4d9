import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import { type JobEvent, type JobEventType, OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';

const { JobEvent_Type: Type } = core;

/** The types of events on the wire; of those that have two numbers, the first is the one that is answered. */
const TYPES: ReadonlyArray<readonly [core.JobEvent_Type, JobEventType]> = [
  [Type.SLA_MISS, 'sla_miss'],
  [Type.FAILURE, 'failure'],
  [Type.JOB_FAILURE, 'failure'],
  [Type.SUCCESS, 'success'],
  [Type.JOB_SUCCESS, 'success'],
  [Type.TASK_START, 'task_start'],
  [Type.TASK_RETRY, 'task_retry'],
  [Type.TASK_SUCCESS, 'task_success'],
  [Type.TASK_FAIL, 'task_fail'],
  [Type.SENSOR_START, 'sensor_start'],
  [Type.SENSOR_RETRY, 'sensor_retry'],
  [Type.SENSOR_SUCCESS, 'sensor_success'],
  [Type.SENSOR_FAIL, 'sensor_fail'],
  [Type.HOOK_START, 'hook_start'],
  [Type.HOOK_RETRY, 'hook_retry'],
  [Type.HOOK_SUCCESS, 'hook_success'],
  [Type.HOOK_FAIL, 'hook_fail'],
];

/** @throws OptimusError `REQUEST_INVALID` */
export function fromEventType(type: core.JobEvent_Type | undefined): JobEventType {
  const known = TYPES.find(([wire]) => wire === type);
  if (known) return known[1];
  throw new OptimusError('REQUEST_INVALID', {
    message:
      type === undefined || type === Type.UNSPECIFIED
        ? 'event.type is missing'
        : 'event.type is not one of a run',
    hint: 'give one such as TYPE_FAILURE, TYPE_SLA_MISS or TYPE_TASK_START',
    fields: { field: 'event.type' },
  });
}

/** An event as it was sent. */
export function toJobEvent({ type, value }: JobEvent): MessageInitShape<typeof core.JobEventSchema> {
  const wire = TYPES.find(([, known]) => known === type)?.[0] ?? Type.UNSPECIFIED;
  return { type: wire, value: value as JsonObject };
}
