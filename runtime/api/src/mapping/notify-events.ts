import { core } from '@optimus/proto';

/** The events that a notification may be about: on the wire, and in a specification. */
export const NOTIFY_EVENTS: ReadonlyArray<readonly [core.JobEvent_Type, string]> = [
  [core.JobEvent_Type.UNSPECIFIED, ''],
  [core.JobEvent_Type.SLA_MISS, 'sla_miss'],
  [core.JobEvent_Type.FAILURE, 'failure'],
  [core.JobEvent_Type.SUCCESS, 'success'],
];
