import type { Statement } from '../database/database.ts';

const TERMINAL = `('success', 'failed', 'skipped', 'canceled')`;
const WAITING = `state IN ('queued', 'up_for_retry')`;

/**
 * $1 host, $2 how many tenants. What is unfinished, from the partial indexes that hold it alone: the cost does not depend on how much
 * has ended. Of the tenants those whose oldest instance has waited longest.
 */
export const READ_FIGURES: Statement = {
  name: 'figures_read',
  text: `
    SELECT (
      SELECT coalesce(json_object_agg(state, number), '{}') FROM (
        SELECT state, count(*) AS number FROM run WHERE state NOT IN ${TERMINAL} GROUP BY state) runs
    ) AS runs, (
      SELECT coalesce(json_object_agg(state, number), '{}') FROM (
        SELECT state, count(*) AS number FROM run_instance WHERE ${WAITING} GROUP BY state) instances
    ) AS instances, (
      SELECT coalesce(json_object_agg(state, number), '{}') FROM (
        SELECT state, count(*) AS number FROM attempt WHERE state IN ('starting', 'running') GROUP BY state) attempts
    ) AS attempts, (
      SELECT count(*)::int FROM attempt WHERE host_id = $1 AND state IN ('starting', 'running')
    ) AS own_attempts, (
      SELECT coalesce(json_agg(tenant), '[]') FROM (
        SELECT project.name AS project, namespace.name AS namespace, waiting.number, waiting.oldest_s AS "oldestS"
        FROM (
          SELECT namespace_id, count(*) AS number, extract(epoch FROM now() - min(ready_at))::float8 AS oldest_s
          FROM run_instance WHERE ${WAITING} AND ready_at <= now() GROUP BY namespace_id ORDER BY oldest_s DESC LIMIT $2
        ) waiting JOIN namespace ON namespace.id = waiting.namespace_id JOIN project ON project.id = namespace.project_id
      ) tenant
    ) AS tenants`,
};
