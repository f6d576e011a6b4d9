import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { toHoldSql, toRunLimitSql } from './run-limit-sql.ts';
import { toOverSql } from './run-state-sql.ts';

// A wait is written under the shared lock of its upstream, and met under the exclusive one, each by a statement that begins after
// the lock is held: so either the writer sees that the upstream has succeeded, or who met it sees the wait. Jobs share a fixed
// number of locks, for PostgreSQL has room for so many.

/** SQL that names the locks of all jobs, and how many they share. */
export const WAIT_LOCK = { name: `hashtext('optimus run_wait')`, count: 1024 };

function toLockSql(name: string): string {
  return `SELECT ${name}(${WAIT_LOCK.name}, key)
    FROM (SELECT DISTINCT (id % ${WAIT_LOCK.count})::int AS key FROM unnest($1::bigint[]) AS id ORDER BY 1) AS keys`;
}

/** $1 upstream jobs: before waits for them are written. */
export const LOCK_TO_WAIT: Statement = {
  name: 'run_lock_to_wait',
  text: toLockSql('pg_advisory_xact_lock_shared'),
};

/** $1 jobs: before waits for them are met. */
export const LOCK_TO_MEET: Statement = { name: 'run_lock_to_meet', text: toLockSql('pg_advisory_xact_lock') };

/**
 * The rest of a statement whose `met` holds deleted waits (run_id): runs without any other wait begin, or are held when their job is
 * paused or limits its runs. Runs are locked in the order of their ids, so that none wait for each other in a circle.
 * A row for each run that begins: its job, and whether the job's limit has yet to admit it.
 */
export const BEGIN_MET = `
    counted AS (
      SELECT run_id, count(*)::int AS waits FROM met GROUP BY run_id
    ), locked AS MATERIALIZED (
      SELECT run.id, run.job_id, counted.waits, run.wait_count <= counted.waits AS is_last
      FROM run JOIN counted ON counted.run_id = run.id
      WHERE run.state = 'wait_upstream' ORDER BY run.id FOR UPDATE OF run
    ), begun AS MATERIALIZED (
      SELECT locked.id, locked.job_id, ${toRunLimitSql('job_version')} IS NOT NULL AS is_limited, ${toHoldSql('job_schedule', 'job_version')} AS is_held
      FROM locked JOIN job_schedule ON job_schedule.job_id = locked.job_id
      JOIN job ON job.id = locked.job_id JOIN job_version ON job_version.id = job.version_id
      WHERE is_last ORDER BY locked.job_id FOR SHARE OF job_schedule
    ), moved AS (
      UPDATE run SET wait_count = wait_count - locked.waits, is_held = coalesce(begun.is_held, false),
        state = CASE WHEN is_last THEN 'queued' ELSE state END
      FROM locked LEFT JOIN begun USING (id) WHERE run.id = locked.id
    ), instances AS (
      UPDATE run_instance SET state = 'queued', ready_at = now() FROM begun
      WHERE run_instance.run_id = begun.id AND position = 0 AND state = 'pending' AND NOT is_held
    ), events AS (
      INSERT INTO run_event (run_id, state) SELECT id, 'queued' FROM begun
    )
    SELECT job_id, is_limited, ${toNotifySql('run_changed', 'id')}, ${toNotifySql('run_ready', 'id')} FROM begun`;

/**
 * $1 job, $2 the tick whose run was skipped: later runs of the job that waited for it as their past wait for the newest run before it
 * that was not skipped, unless that has succeeded.
 */
export const WAIT_FURTHER_BACK: Statement = {
  name: 'run_wait_further_back',
  text: `
    UPDATE run_wait SET upstream_scheduled_at = past.scheduled_at
    FROM run, (SELECT scheduled_at, state FROM run WHERE job_id = $1 AND scheduled_at < $2 AND state <> 'skipped'
      ORDER BY scheduled_at DESC LIMIT 1) past
    WHERE upstream_job_id = $1 AND upstream_scheduled_at = $2 AND run.id = run_wait.run_id AND run.job_id = $1 AND past.state <> 'success'`,
};

/** $1 job, $2 the tick whose run has succeeded or was skipped. */
export const MEET_WAITS: Statement = {
  name: 'run_meet_waits',
  text: `
    WITH met AS (
      DELETE FROM run_wait WHERE upstream_job_id = $1 AND upstream_scheduled_at = $2 RETURNING run_id
    ), ${BEGIN_MET}`,
};

/** $1 jobs whose cursors moved: nobody waits for ticks that they passed without a run, for those never come. */
export const MEET_PASSED: Statement = {
  name: 'run_meet_passed',
  text: `
    WITH met AS (
      DELETE FROM run_wait USING job_schedule cursor
      WHERE upstream_job_id = ANY ($1) AND cursor.job_id = upstream_job_id
        AND (cursor.next_scheduled_at IS NULL OR cursor.next_scheduled_at > upstream_scheduled_at)
        AND (SELECT id FROM run WHERE run.job_id = upstream_job_id AND run.scheduled_at = upstream_scheduled_at) IS NULL
      RETURNING run_id
    ), ${BEGIN_MET}`,
};

/** Jobs for whose ticks somebody waits in vain. */
export const LIST_WAITED_IN_VAIN: Statement = {
  name: 'run_list_waited_in_vain',
  text: `
    SELECT DISTINCT upstream_job_id AS id FROM run_wait JOIN job_schedule cursor ON cursor.job_id = upstream_job_id
    WHERE (cursor.next_scheduled_at IS NULL OR cursor.next_scheduled_at > upstream_scheduled_at)
      AND (SELECT id FROM run WHERE run.job_id = upstream_job_id AND run.scheduled_at = upstream_scheduled_at) IS NULL`,
};

/**
 * $1 jobs, whose exclusive lock is held: lets their held runs begin, the oldest ticks first, as far as the jobs' limits go. A run
 * counts from the moment it may start until it has ended, with its last attempt. A run that somebody changes in this moment is passed
 * over: who ends it admits others after, and who holds it means to. For the arrays see the claim.
 */
export const ADMIT: Statement = {
  name: 'run_admit',
  text: `
    WITH ending AS MATERIALIZED (
      SELECT run.job_id, count(DISTINCT run.id) AS runs
      FROM attempt JOIN run_instance ON run_instance.id = attempt.instance_id JOIN run ON run.id = run_instance.run_id
      WHERE attempt.state IN ('starting', 'running') AND ${toOverSql('run.state')} GROUP BY run.job_id
    ), room AS (
      SELECT job.id, CASE WHEN ${toRunLimitSql('job_version')} IS NOT NULL THEN ${toRunLimitSql('job_version')} - (
          SELECT count(*) FROM run WHERE run.job_id = job.id AND run.state IN ('queued', 'running', 'up_for_retry') AND NOT is_held
        ) - coalesce((SELECT ending.runs FROM ending WHERE ending.job_id = job.id), 0) END AS runs
      FROM job JOIN job_version ON job_version.id = job.version_id JOIN job_schedule ON job_schedule.job_id = job.id
      WHERE job.id = ANY ($1) AND NOT job_schedule.is_paused
        AND EXISTS (SELECT FROM run WHERE run.job_id = job.id AND run.is_held)
    ), admitted AS MATERIALIZED (
      SELECT held.id FROM room CROSS JOIN LATERAL (
        SELECT run.id FROM run WHERE run.job_id = room.id AND run.is_held
        ORDER BY run.scheduled_at LIMIT greatest(coalesce(room.runs, 2147483647), 0) FOR NO KEY UPDATE SKIP LOCKED
      ) held
    ), moved AS (
      UPDATE run SET is_held = false WHERE id = ANY (ARRAY(SELECT id FROM admitted))
    ), instances AS (
      UPDATE run_instance SET state = 'queued', ready_at = now()
      WHERE run_instance.run_id = ANY (ARRAY(SELECT id FROM admitted)) AND state = 'pending' AND position = (
        SELECT min(first.position) FROM run_instance first
        WHERE first.run_id = run_instance.run_id AND first.state = 'pending' AND first.role <> 'fail')
    )
    SELECT ${toNotifySql('run_ready', 'id')} FROM admitted`,
};
