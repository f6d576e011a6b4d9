import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { COMPLETE_CREATED, CREATED_COLUMNS } from './create-statements.ts';
import { toHoldSql } from './run-limit-sql.ts';
import { CLAIMED_COLUMNS, CLAIMED_JOINS } from './run-row.ts';

// Every statement here is a transaction of its own: the change, its event and its notice are committed together or not at all.
// `now()` is the database's clock. A statement sees no row that it changes itself, so new values come from RETURNING.

/**
 * $1 job, $2 version, $3 scheduled at, $4 and $5 window, $6 its location, $7 priority. One row, or none when the job has a run at the
 * tick or is deleted. The lock of the schedule keeps a pause from being committed in between.
 */
export const CREATE: Statement = {
  name: 'run_create',
  text: `
    WITH created AS (
      INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, window_location, priority, state, is_held)
      SELECT job.id, $2, job.namespace_id, $3, $4, $5, $6, $7, 'queued', ${toHoldSql('job_schedule', 'job_version')}
      FROM job JOIN job_schedule ON job_schedule.job_id = job.id JOIN job_version ON job_version.id = job.version_id
      WHERE job.id = $1 AND job.deleted_at IS NULL FOR SHARE OF job_schedule
      ON CONFLICT (job_id, scheduled_at) DO NOTHING
      RETURNING ${CREATED_COLUMNS}
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

/** $1 attempt, $2 fence, $3 message. One row, or none when the claim does not hold any more. */
export const NOTE: Statement = {
  name: 'run_note',
  text: `
    UPDATE attempt SET message = $3 WHERE id = $1 AND fence = $2 AND state IN ('starting', 'running') RETURNING id`,
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
    FROM attempt this JOIN run_instance instance ON instance.id = this.instance_id
    JOIN attempt other ON other.instance_id = instance.id AND other.id <> this.id AND other.number > instance.attempt_base
    WHERE this.id = $1`,
};

/** $1 host, $2 server, $3 lease in ms. */
export const ADOPT: Statement = {
  name: 'run_adopt',
  text: `
    WITH taken AS (
      UPDATE attempt SET fence = fence + 1, server_id = $2, lease_expires_at = now() + $3 * interval '1 ms'
      WHERE host_id = $1 AND server_id <> $2 AND state IN ('starting', 'running')
      RETURNING id, instance_id, number, fence, handle, deadline_at
    )
    SELECT ${CLAIMED_COLUMNS} FROM taken ${CLAIMED_JOINS} ORDER BY taken.id`,
};

/** $1 host, $2 server, $3 lease in ms, $4 grace in ms, $5 limit, $6 the longest lease there is, in ms: one that ends later is of before the clock was set back. */
export const ADOPT_EXPIRED: Statement = {
  name: 'run_adopt_expired',
  text: `
    WITH expired AS MATERIALIZED (
      SELECT id FROM attempt
      WHERE state IN ('starting', 'running') AND (lease_expires_at + $4 * interval '1 ms' <= now()
        OR lease_expires_at > now() + $6 * interval '1 ms')
        AND ($7::timestamptz IS NULL OR now() BETWEEN $7 - $8 * interval '1 ms' AND $7 + $8 * interval '1 ms')
      ORDER BY lease_expires_at LIMIT $5
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE attempt SET fence = fence + 1, host_id = $1, server_id = $2, lease_expires_at = now() + $3 * interval '1 ms'
      FROM expired WHERE attempt.id = expired.id
      RETURNING attempt.id, instance_id, number, fence, handle, deadline_at
    )
    SELECT ${CLAIMED_COLUMNS} FROM taken ${CLAIMED_JOINS} ORDER BY taken.id`,
};
