import { randomUUID } from 'node:crypto';
import type { Database, Statement } from '../database/database.ts';
import type { ChangeListener } from './change-listener.ts';
import { CHANGE_CHANNEL, PING } from './change-notice.ts';

const SEND_PING: Statement = { name: 'change_send_ping', text: `SELECT pg_notify('${CHANGE_CHANNEL}', $1)` };
const MAX_WAIT_MS = 2_000;

/** How long a notice takes from before its commit until this server hears it, in ms; undefined when it does not hear it in 2 s. */
export async function measureNotices(
  database: Database,
  changes: ChangeListener,
): Promise<number | undefined> {
  const payload = `${PING}${randomUUID()}`;
  const startedAt = performance.now();
  const heard = changes.hear(payload, MAX_WAIT_MS);
  await database.run(SEND_PING, [payload]);
  return (await heard) ? performance.now() - startedAt : undefined;
}
