import { core } from '@optimus/proto';

/** The events that a notification may be about: on the wire, and in a specification. */
export const NOTIFY_EVENTS: ReadonlyArray<readonly [core.JobEvent_Type, string]> = [
  [core.JobEvent_Type.UNSPECIFIED, ''],
  [core.JobEvent_Type.SLA_MISS, 'sla_miss'],
  [core.JobEvent_Type.FAILURE, 'failure'],
  [core.JobEvent_Type.SUCCESS, 'success'],
  [core.JobEvent_Type.JOB_SUCCESS, 'success'],
  [core.JobEvent_Type.REPLAY_LIFECYCLE, 'replay_lifecycle'],
];

/** The type of an event by its name in a specification. */
export function toEventType(name: string): core.JobEvent_Type {
  // Released clients know the first type of a name.
  const known = name === 'job_success' ? 'success' : name;
  return NOTIFY_EVENTS.find(([, event]) => event === known)?.[0] ?? core.JobEvent_Type.UNSPECIFIED;
}
