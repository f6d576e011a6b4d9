import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { CLAIMED_COLUMNS, CLAIMED_JOINS } from './run-row.ts';

// Every statement here is a transaction of its own: the change, its event and its notice are committed together or not at all.
// `now()` is the database's clock. A statement sees no row that it changes itself, so new values come from RETURNING.

/** The rest of a statement whose `created` holds new runs: the instance of their task, their first event, and the notice. */
export const COMPLETE_CREATED = `instances AS (
      INSERT INTO run_instance (run_id, type, name, position, state)
      SELECT created.id, 'task', job_version.spec -> 'task' ->> 'name', 0, 'pending'
      FROM created JOIN job_version ON job_version.id = created.version_id
    ), events AS (
      INSERT INTO run_event (run_id, state) SELECT id, 'queued' FROM created
    )
    SELECT ${toNotifySql('run_ready', 'id')} FROM created`;

/** $1 job, $2 version, $3 scheduled at, $4 and $5 window, $6 its location, $7 priority. One row, or none when the job has a run at the tick or is deleted. */
export const CREATE: Statement = {
  name: 'run_create',
  text: `
    WITH created AS (
      INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, window_location, priority, state)
      SELECT job.id, $2, job.namespace_id, $3, $4, $5, $6, $7, 'queued' FROM job WHERE job.id = $1 AND job.deleted_at IS NULL
      ON CONFLICT (job_id, scheduled_at) DO NOTHING
      RETURNING id, version_id
    ), ${COMPLETE_CREATED}`,
};

/** $1 attempt. One row while it lives. */
export const FIND_LIVE_INSTANCE: Statement = {
  name: 'run_find_live_instance',
  text: `
    SELECT project.name AS project, job.name AS job, run.scheduled_at, instance.type, instance.name FROM attempt
    JOIN run_instance instance ON instance.id = attempt.instance_id JOIN run ON run.id = instance.run_id
    JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
    WHERE attempt.id = $1 AND attempt.state IN ('starting', 'running')`,
};

/** $1 project, $2 job. One row when the job is deployed and has a run. */
export const FIND_LAST: Statement = {
  name: 'run_find_last',
  text: `
    SELECT run.id, run.job_id, run.version_id, run.scheduled_at, run.window_start, run.window_end, run.window_location, run.state,
      run.execution_time, run.started_at, run.finished_at, run.message,
      project.name AS project, namespace.name AS namespace, job.name AS job
    FROM project JOIN job ON job.project_id = project.id
    JOIN run ON run.job_id = job.id JOIN namespace ON namespace.id = run.namespace_id
    WHERE project.name = $1 AND job.name = $2 AND job.deleted_at IS NULL
      AND run.scheduled_at = (SELECT max(scheduled_at) FROM run WHERE job_id = job.id)`,
};

/** Claims ready runs. $1 host, $2 server, $3 lease in ms, $4 limit. At least one row, which has no attempt when none was ready. */
export const CLAIM: Statement = {
  name: 'run_claim',
  text: `
    WITH picked AS MATERIALIZED (
      SELECT id FROM run
      WHERE state IN ('queued', 'up_for_retry') AND ready_at <= now()
      ORDER BY priority DESC, ready_at, id LIMIT $4
      FOR UPDATE SKIP LOCKED
    ), instance AS (
      UPDATE run_instance SET state = 'running', attempt_count = attempt_count + 1
      FROM picked
      WHERE run_instance.id = (
        SELECT id FROM run_instance waiting
        WHERE waiting.run_id = picked.id AND waiting.state IN ('pending', 'up_for_retry')
        ORDER BY position LIMIT 1)
      RETURNING run_instance.id, run_id, attempt_count
    ), taken AS (
      INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at)
      SELECT id, attempt_count, 'starting', $1, $2, now() + $3 * interval '1 ms' FROM instance
      RETURNING id, instance_id, number, fence, handle
    ), moved AS (
      UPDATE run SET state = 'running', started_at = coalesce(started_at, now()), message = ''
      FROM instance WHERE run.id = instance.run_id
      RETURNING run.id
    ), events AS (
      INSERT INTO run_event (run_id, attempt_id, state)
      SELECT instance.run_id, taken.id, 'running' FROM instance JOIN taken ON taken.instance_id = instance.id
    ), claimed AS (
      SELECT ${CLAIMED_COLUMNS}, ${toNotifySql('run_changed', 'run.id')} FROM taken ${CLAIMED_JOINS}
    ), next AS (
      SELECT extract(epoch FROM min(ready_at) - now())::float8 * 1000 AS next_ready_in_ms FROM run
      WHERE state IN ('queued', 'up_for_retry') AND ready_at > now()
    )
    SELECT * FROM next LEFT JOIN claimed ON true ORDER BY priority DESC, scheduled_at, attempt_id`,
};

/** $1 attempt, $2 fence, $3 handle. One row, or none when the fence is stale. Repeating it changes nothing. */
export const MARK_RUNNING: Statement = {
  name: 'run_mark_running',
  text: `
    WITH marked AS (
      UPDATE attempt SET state = 'running', handle = $3
      WHERE id = $1 AND fence = $2 AND state IN ('starting', 'running')
      RETURNING instance_id
    )
    SELECT ${toNotifySql('run_changed', 'run_id')} FROM marked JOIN run_instance ON run_instance.id = marked.instance_id`,
};

/** $1 host, $2 server, $3 lease in ms, $4 ids to renew, null for all. */
export const RENEW_LEASES: Statement = {
  name: 'run_renew_leases',
  text: `
    UPDATE attempt SET lease_expires_at = now() + $3 * interval '1 ms'
    WHERE host_id = $1 AND server_id = $2 AND state IN ('starting', 'running') AND ($4::bigint[] IS NULL OR id = ANY ($4))
    RETURNING id`,
};

/** $1 attempt. */
export const COUNT_ENDED: Statement = {
  name: 'run_count_ended',
  text: `
    SELECT count(*) FILTER (WHERE other.state = 'failed')::int AS failed,
      count(*) FILTER (WHERE other.state = 'lost')::int AS lost
    FROM attempt this JOIN attempt other ON other.instance_id = this.instance_id AND other.id <> this.id
    WHERE this.id = $1`,
};

/**
 * $1 attempt, $2 fence, $3 attempt's state, $4 exit code, $5 attempt's message, $6 instance's state, $7 run's state,
 * $8 run's message, $9 pause before the next attempt in ms. One row, or none when the fence is stale. A run that is no longer
 * `running` (it was canceled meanwhile) keeps its state.
 */
export const FINISH: Statement = {
  name: 'run_finish',
  text: `
    WITH ended AS (
      UPDATE attempt SET state = $3, exit_code = $4, message = $5, finished_at = now()
      WHERE id = $1 AND fence = $2 AND state IN ('starting', 'running')
      RETURNING id, instance_id
    ), instance AS (
      UPDATE run_instance SET state = $6 FROM ended WHERE run_instance.id = ended.instance_id
      RETURNING run_id, ended.id AS attempt_id
    ), moved AS (
      UPDATE run SET state = $7::text, message = $8, ready_at = now() + $9 * interval '1 ms',
        finished_at = CASE WHEN $7::text <> 'up_for_retry' THEN now() END
      FROM instance WHERE run.id = instance.run_id AND run.state = 'running'
      RETURNING run.id, run.state
    ), events AS (
      INSERT INTO run_event (run_id, attempt_id, state, message) SELECT run_id, attempt_id, $7::text, $8 FROM instance
    )
    SELECT ${toNotifySql('run_changed', 'run_id')},
      CASE WHEN moved.state = 'up_for_retry' THEN ${toNotifySql('run_ready', 'run_id')} END
    FROM instance LEFT JOIN moved ON moved.id = instance.run_id`,
};

/** $1 host, $2 server, $3 lease in ms. */
export const ADOPT: Statement = {
  name: 'run_adopt',
  text: `
    WITH taken AS (
      UPDATE attempt SET fence = fence + 1, server_id = $2, lease_expires_at = now() + $3 * interval '1 ms'
      WHERE host_id = $1 AND server_id <> $2 AND state IN ('starting', 'running')
      RETURNING id, instance_id, number, fence, handle
    )
    SELECT ${CLAIMED_COLUMNS} FROM taken ${CLAIMED_JOINS} ORDER BY taken.id`,
};

/** $1 host, $2 server, $3 lease in ms, $4 grace in ms, $5 limit. */
export const ADOPT_EXPIRED: Statement = {
  name: 'run_adopt_expired',
  text: `
    WITH expired AS MATERIALIZED (
      SELECT id FROM attempt
      WHERE state IN ('starting', 'running') AND lease_expires_at + $4 * interval '1 ms' <= now()
      ORDER BY lease_expires_at LIMIT $5
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE attempt SET fence = fence + 1, host_id = $1, server_id = $2, lease_expires_at = now() + $3 * interval '1 ms'
      FROM expired WHERE attempt.id = expired.id
      RETURNING attempt.id, instance_id, number, fence, handle
    )
    SELECT ${CLAIMED_COLUMNS} FROM taken ${CLAIMED_JOINS} ORDER BY taken.id`,
};
