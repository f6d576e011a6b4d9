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
/** How soon to look again for instances whose run somebody else was just changing, or whose pool others were given the slots of, in ms. */
const LOOK_AGAIN_MS = 20;

/** SQL: how many more a number in a configuration allows, given SQL that counts what is there; null: any number. */
function toRoom(config: string, key: string, active: string): string {
  return `CASE WHEN ${config} ->> ${key} ~ '^[0-9]{1,9}$' THEN (${config} ->> ${key})::int - (${active}) END`;
}

const WAITING = `state IN ('queued', 'up_for_retry')`;
const ACTIVE = `active.state IN ('running', 'up_for_retry')`;

/**
 * Claims instances that may start. $1 host, $2 server, $3 lease in ms, $4 limit. At least one row, which has no attempt when none
 * was ready. Namespaces take turns, those with fewer attempts under way first; within one, priority decides, then who waited
 * longer. Instances queue by namespace and pool: each such lane costs an index probe, however many wait in it, and of one whose pool
 * has no free slot nothing is read. What of a run whose time is over still waits is passed over: it is about to be ended. What is picked goes through an array, of which the planner expects little: it cannot know how
 * few a limit leaves, and would read whole tables when much waits. What the slots of a pool cannot take of several namespaces at once is left for another look.
 */
export const CLAIM: Statement = {
  name: 'run_claim',
  text: `
    WITH RECURSIVE lane (namespace_id, pool) AS (
      (SELECT namespace_id, pool FROM run_instance WHERE ${WAITING} ORDER BY namespace_id, pool LIMIT 1)
      UNION ALL
      SELECT next.namespace_id, next.pool FROM lane CROSS JOIN LATERAL (
        SELECT namespace_id, pool FROM run_instance
        WHERE ${WAITING} AND (namespace_id, pool) > (lane.namespace_id, lane.pool) ORDER BY namespace_id, pool LIMIT 1) next
    ), busy AS (
      SELECT instance.namespace_id AS id, instance.pool, count(*) AS attempts
      FROM attempt JOIN run_instance instance ON instance.id = attempt.instance_id
      WHERE attempt.state IN ('starting', 'running') GROUP BY 1, 2
    ), room AS (
      SELECT namespace.id, namespace.project_id, namespace.config, project.config AS project_config,
        (SELECT coalesce(sum(attempts), 0) FROM busy WHERE busy.id = namespace.id) AS attempts,
        ${toRoom('namespace.config', `'${LIMIT_KEY}'`, `SELECT count(*) FROM run active WHERE active.namespace_id = namespace.id AND ${ACTIVE}`)} AS own,
        ${toRoom('project.config', `'${LIMIT_KEY}'`, `SELECT count(*) FROM namespace other JOIN run active ON active.namespace_id = other.id WHERE other.project_id = project.id AND ${ACTIVE}`)} AS shared
      FROM (SELECT DISTINCT namespace_id FROM lane) tenant
      JOIN namespace ON namespace.id = tenant.namespace_id JOIN project ON project.id = namespace.project_id
    ), slots AS (
      SELECT room.*, lane.pool,
        ${toRoom('room.config', 'lane.pool', 'SELECT coalesce(sum(attempts), 0) FROM busy WHERE busy.id = room.id AND busy.pool = lane.pool')} AS own_slots,
        ${toRoom('room.project_config', 'lane.pool', 'SELECT coalesce(sum(attempts), 0) FROM busy JOIN namespace other ON other.id = busy.id WHERE other.project_id = room.project_id AND busy.pool = lane.pool')} AS shared_slots
      FROM lane JOIN room ON room.id = lane.namespace_id
    ), candidate AS (
      SELECT waiting.*, slots.own, slots.shared, slots.shared_slots, slots.project_id, slots.pool,
        slots.attempts + row_number() OVER own_order AS turn,
        count(*) FILTER (WHERE waiting.is_new) OVER own_order AS new_runs
      FROM slots CROSS JOIN LATERAL (
        SELECT instance.id, instance.namespace_id, instance.priority, instance.ready_at, run.state = 'queued' AS is_new
        FROM run_instance instance JOIN run ON run.id = instance.run_id
        WHERE instance.namespace_id = slots.id AND instance.pool = slots.pool AND instance.${WAITING} AND instance.ready_at <= now()
          AND (instance.role = 'fail' OR run.deadline_at IS NULL OR run.deadline_at > now())
        ORDER BY instance.priority DESC, instance.ready_at, instance.id LIMIT greatest(0, least($4, own_slots, shared_slots))
      ) waiting
      WINDOW own_order AS (PARTITION BY slots.id ORDER BY waiting.priority DESC, waiting.ready_at, waiting.id)
    ), allowed AS (
      SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY project_id ORDER BY turn, priority DESC, ready_at, id) AS shared_runs
      FROM candidate WHERE NOT is_new OR own IS NULL OR new_runs <= own
    ), pooled AS (
      SELECT *, row_number() OVER (PARTITION BY project_id, pool ORDER BY turn, priority DESC, ready_at, id) AS slot
      FROM allowed WHERE NOT is_new OR shared IS NULL OR shared_runs <= shared
    ), eligible AS MATERIALIZED (
      SELECT * FROM pooled WHERE shared_slots IS NULL OR slot <= shared_slots
      ORDER BY turn, priority DESC, ready_at, id LIMIT $4
    ), picked AS MATERIALIZED (
      SELECT instance.id FROM run_instance instance JOIN run ON run.id = instance.run_id
      WHERE instance.id = ANY (ARRAY(SELECT id FROM eligible)) AND instance.${WAITING} AND run.state IN ('queued', 'running', 'up_for_retry')
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
      SELECT CASE WHEN (SELECT count(*) FROM picked) < (SELECT least(count(*), $4) FROM pooled) THEN ${LOOK_AGAIN_MS}
        ELSE extract(epoch FROM min(ready_at) - now())::float8 * 1000 END AS next_ready_in_ms
      FROM run_instance WHERE ${WAITING} AND ready_at > now()
    )
    SELECT * FROM next LEFT JOIN claimed ON true ORDER BY priority DESC, scheduled_at, attempt_id`,
};
