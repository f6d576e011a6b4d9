import type { Change, ChangeTopic } from '@optimus/domain';

/** The one `LISTEN` channel of all changes; what it carries is delivered when the transaction that sent it commits. */
export const CHANGE_CHANNEL = 'optimus_change';

const TOPICS: ReadonlySet<string> = new Set<ChangeTopic>([
  'schedule_changed',
  'run_ready',
  'run_changed',
  'run_ended_early',
  'probe_due',
  'lineage_changed',
]);

/** The SQL expression that announces a change, given the SQL expression of its id. */
export function toNotifySql(topic: ChangeTopic, id: string): string {
  return `pg_notify('${CHANGE_CHANNEL}', '${topic}:' || ${id})`;
}

/** The payload by which a server measures how long its own notices take. */
export const PING = 'ping:';

/** The change in a payload; undefined for a topic of a newer server. */
export function parseChange(payload: string): Change | undefined {
  const split = payload.indexOf(':');
  const topic = payload.slice(0, split);
  return TOPICS.has(topic) ? { topic: topic as ChangeTopic, id: payload.slice(split + 1) } : undefined;
}
