import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { CLAIMED_COLUMNS, CLAIMED_JOINS } from './run-row.ts';

/** Claims take turns: each counts what is under way, and would otherwise wait for rows that another one takes. */
export const LOCK_CLAIMS: Statement = {
  name: 'run_lock_claims',
  text: `SELECT pg_advisory_xact_lock(hashtext('optimus run_claim'))`,
};

/** The key of a project's or namespace's configuration that limits its active runs. */
const LIMIT_KEY = 'MAX_ACTIVE_RUNS';
/** How soon to look again for instances whose run somebody else was just changing, in ms. */
const LOOK_AGAIN_MS = 20;

/** SQL: how many more runs the limit in the configuration allows, given SQL that counts the active ones; null: any number. */
function toRoom(config: string, active: string): string {
  return `CASE WHEN ${config} ->> '${LIMIT_KEY}' ~ '^[0-9]{1,9}$' THEN (${config} ->> '${LIMIT_KEY}')::int - (${active}) END`;
}

const WAITING = `state IN ('queued', 'up_for_retry')`;
const ACTIVE = `active.state IN ('running', 'up_for_retry')`;

/**
 * Claims instances that may start. $1 host, $2 server, $3 lease in ms, $4 limit. At least one row, which has no attempt when none
 * was ready. Namespaces take turns, those with fewer attempts under way first; within one, priority decides, then who waited
 * longer. Each namespace costs an index probe, however many of its instances wait.
 */
export const CLAIM: Statement = {
  name: 'run_claim',
  text: `
    WITH RECURSIVE tenant (id) AS (
      (SELECT namespace_id FROM run_instance WHERE ${WAITING} ORDER BY namespace_id LIMIT 1)
      UNION ALL
      SELECT (SELECT namespace_id FROM run_instance WHERE ${WAITING} AND namespace_id > tenant.id ORDER BY namespace_id LIMIT 1)
      FROM tenant WHERE tenant.id IS NOT NULL
    ), busy AS (
      SELECT instance.namespace_id AS id, count(*) AS attempts
      FROM attempt JOIN run_instance instance ON instance.id = attempt.instance_id
      WHERE attempt.state IN ('starting', 'running') GROUP BY 1
    ), room AS (
      SELECT namespace.id, namespace.project_id,
        ${toRoom('namespace.config', `SELECT count(*) FROM run active WHERE active.namespace_id = namespace.id AND ${ACTIVE}`)} AS own,
        ${toRoom('project.config', `SELECT count(*) FROM namespace other JOIN run active ON active.namespace_id = other.id WHERE other.project_id = project.id AND ${ACTIVE}`)} AS shared
      FROM tenant JOIN namespace ON namespace.id = tenant.id JOIN project ON project.id = namespace.project_id
    ), candidate AS (
      SELECT waiting.*, room.own, room.shared, room.project_id,
        coalesce(busy.attempts, 0) + row_number() OVER own_order AS turn,
        count(*) FILTER (WHERE waiting.is_new) OVER own_order AS new_runs
      FROM room LEFT JOIN busy ON busy.id = room.id CROSS JOIN LATERAL (
        SELECT instance.id, instance.namespace_id, instance.priority, instance.ready_at, run.state = 'queued' AS is_new
        FROM run_instance instance JOIN run ON run.id = instance.run_id
        WHERE instance.namespace_id = room.id AND instance.${WAITING} AND instance.ready_at <= now()
        ORDER BY instance.priority DESC, instance.ready_at, instance.id LIMIT $4
      ) waiting
      WINDOW own_order AS (PARTITION BY room.id ORDER BY waiting.priority DESC, waiting.ready_at, waiting.id)
    ), allowed AS (
      SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY project_id ORDER BY turn, priority DESC, ready_at, id) AS shared_runs
      FROM candidate WHERE NOT is_new OR own IS NULL OR new_runs <= own
    ), eligible AS MATERIALIZED (
      SELECT * FROM allowed WHERE NOT is_new OR shared IS NULL OR shared_runs <= shared
      ORDER BY turn, priority DESC, ready_at, id LIMIT $4
    ), picked AS MATERIALIZED (
      SELECT instance.id FROM eligible JOIN run_instance instance ON instance.id = eligible.id JOIN run ON run.id = instance.run_id
      WHERE instance.${WAITING} AND run.state IN ('queued', 'running', 'up_for_retry')
      FOR UPDATE OF run, instance SKIP LOCKED
    ), started AS (
      UPDATE run_instance SET state = 'running', message = '', attempt_count = attempt_count + 1
      FROM picked WHERE run_instance.id = picked.id
      RETURNING run_instance.id, run_id, role, attempt_count
    ), begun AS (
      SELECT started.*, coalesce(run.deadline_at, now() + (job_version.spec #>> '{behavior,runTimeoutMs}')::float8 * interval '1 ms') AS run_deadline_at,
        now() + (job_version.spec #>> '{behavior,attemptTimeoutMs}')::float8 * interval '1 ms' AS attempt_deadline_at
      FROM started JOIN run ON run.id = started.run_id JOIN job_version ON job_version.id = run.version_id
    ), taken AS (
      INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at, deadline_at)
      SELECT id, attempt_count, 'starting', $1, $2, now() + $3 * interval '1 ms', least(CASE WHEN role <> 'fail' THEN run_deadline_at END, attempt_deadline_at) FROM begun
      RETURNING id, instance_id, number, fence, handle, deadline_at
    ), moved AS (
      UPDATE run SET state = 'running', started_at = coalesce(started_at, now()), deadline_at = first.run_deadline_at,
        message = CASE WHEN run.state = 'running' THEN run.message ELSE '' END
      FROM (SELECT DISTINCT run_id, run_deadline_at FROM begun) first WHERE run.id = first.run_id
      RETURNING run.id
    ), events AS (
      INSERT INTO run_event (run_id, attempt_id, state)
      SELECT started.run_id, taken.id, 'running' FROM started JOIN taken ON taken.instance_id = started.id
    ), claimed AS (
      SELECT ${CLAIMED_COLUMNS}, ${toNotifySql('run_changed', 'run.id')} FROM taken ${CLAIMED_JOINS}
    ), next AS (
      SELECT CASE WHEN (SELECT count(*) FROM picked) < (SELECT count(*) FROM eligible) THEN ${LOOK_AGAIN_MS}
        ELSE extract(epoch FROM min(ready_at) - now())::float8 * 1000 END AS next_ready_in_ms
      FROM run_instance WHERE ${WAITING} AND ready_at > now()
    )
    SELECT * FROM next LEFT JOIN claimed ON true ORDER BY priority DESC, scheduled_at, attempt_id`,
};
