import type { ChaosStage } from '../stage/chaos-stage.ts';
import { pollUntil } from './poll.ts';

/** How long after a fault everything has to go on again. */
export const PATIENCE_MS = 60_000;

/** Nobody's attempts, ticks that nobody plans, instances that wait while nobody claims any. */
const HEALTH = `
  SELECT (SELECT count(*) FROM attempt WHERE state IN ('starting', 'running') AND lease_expires_at < now())::int AS expired,
    (SELECT count(*) FROM job_schedule WHERE next_scheduled_at < now() - interval '1 second' AND NOT is_paused)::int AS overdue,
    (SELECT count(*) FROM lease WHERE name = 'planner' AND expires_at > now())::int AS leaders,
    (SELECT count(*) FROM run_instance JOIN namespace ON namespace.id = namespace_id
      WHERE state IN ('queued', 'up_for_retry') AND ready_at < now() - interval '3 seconds' AND NOT namespace.config ? 'MAX_ACTIVE_RUNS'
        AND NOT EXISTS (SELECT FROM attempt WHERE started_at > now() - interval '3 seconds'))::int AS unclaimed`;

/** Waits until all work goes on. Answers how long that took from the instant, in ms; undefined when it did not come to that. */
export async function awaitHealthy(stage: ChaosStage, since: number): Promise<number | undefined> {
  const isHealthy = await pollUntil(async () => {
    const [row] = await stage.query<Readonly<Record<string, number>>>(HEALTH);
    return row?.['expired'] === 0 && row['overdue'] === 0 && row['leaders'] === 1 && row['unclaimed'] === 0;
  }, PATIENCE_MS);
  return isHealthy ? Date.now() - since : undefined;
}
