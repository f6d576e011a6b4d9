import type { Statement } from '../database/database.ts';
import { toMetSql } from '../run/run-state-sql.ts';
import { WAIT_LOCK } from '../run/wait-statements.ts';

/** SQL: the row's run ended longer ago than the milliseconds. A run that goes on has no end. */
function isOlder(run: string, ms: string): string {
  return `${run}.finished_at < now() - ${ms} * interval '1 ms'`;
}

/** $1 and $2 after which end and id, $3 ms, $4 limit. The oldest ends first; as text, for a date here would lose what makes two differ. */
export const LOOK_AT_ENDED: Statement = {
  name: 'history_look_at_ended',
  text: `
    SELECT id, job_id, state, finished_at::text AS ended_at FROM run
    WHERE finished_at IS NOT NULL AND (finished_at, id) > ($1::timestamptz, $2::bigint) AND ${isOlder('run', '$3')}
    ORDER BY finished_at, id LIMIT $4`,
};

/** $1 jobs. Those of them whose lock for waits was free and is held now. */
export const TRY_TO_MEET: Statement = {
  name: 'history_try_to_meet',
  text: `
    SELECT id FROM unnest($1::bigint[]) AS id
    WHERE pg_try_advisory_xact_lock(${WAIT_LOCK.name}, (id % ${WAIT_LOCK.count})::int)`,
};

/**
 * $1 runs, $2 jobs whose lock for waits is held, $3 how many of each job to keep, $4 ms. The row's own columns are looked at again
 * when it is locked, so a rerun or a mark of a moment ago keeps it. An attempt is born only while its run has no end. Nobody waits
 * for a success; whether somebody waits for what failed is known only under the lock. Each run's questions are asked of indexes, one
 * run after the other: joined, the answer for all runs there are would be made first.
 */
export const REMOVE_RUNS: Statement = {
  name: 'history_remove_runs',
  text: `
    WITH gone AS MATERIALIZED (
      SELECT run.id FROM run
      WHERE run.id = ANY ($1::bigint[]) AND ${isOlder('run', '$4')}
        AND (${toMetSql('run.state')} OR run.job_id = ANY ($2::bigint[]) AND 0 = (SELECT count(*) FROM (
          SELECT FROM run_wait WHERE upstream_job_id = run.job_id AND upstream_scheduled_at = run.scheduled_at LIMIT 1) waiting))
        AND $3 = (SELECT count(*) FROM (
          SELECT FROM run newer WHERE newer.job_id = run.job_id AND newer.scheduled_at > run.scheduled_at ORDER BY newer.scheduled_at LIMIT $3) kept)
        AND run.scheduled_at IS DISTINCT FROM (SELECT last_scheduled_at FROM job_schedule WHERE job_schedule.job_id = run.job_id)
        AND 0 = (SELECT count(*) FROM run_instance instance CROSS JOIN LATERAL (
          SELECT FROM attempt WHERE attempt.instance_id = instance.id AND attempt.state IN ('starting', 'running') LIMIT 1) live
          WHERE instance.run_id = run.id)
      FOR UPDATE OF run SKIP LOCKED
    ), removed AS (
      DELETE FROM run WHERE id = ANY (ARRAY(SELECT id FROM gone)) RETURNING run.job_id, run.scheduled_at
    ), noted AS (
      INSERT INTO job_retention (job_id, removed_until, removed_runs)
      SELECT job_id, max(scheduled_at), count(*) FROM removed GROUP BY job_id ORDER BY job_id
      ON CONFLICT (job_id) DO UPDATE SET removed_until = greatest(job_retention.removed_until, excluded.removed_until),
        removed_runs = job_retention.removed_runs + excluded.removed_runs
    )
    SELECT count(*)::int AS removed FROM removed`,
};

/**
 * $1 after which id, $2 ms, $3 limit. One row: how many were removed, and the id to go on after, null when the pass is through. Events
 * come before the end of their run, so after a young one there is none of a run that is old.
 */
export const REMOVE_EVENTS: Statement = {
  name: 'history_remove_events',
  text: `
    WITH looked_at AS MATERIALIZED (
      SELECT id, created_at < now() - $2 * interval '1 ms' AS is_old,
        (SELECT ${isOlder('run', '$2')} FROM run WHERE run.id = event.run_id) AS has_old_run
      FROM (SELECT * FROM run_event WHERE id > $1::bigint ORDER BY id LIMIT $3) event
    ), removed AS (
      DELETE FROM run_event WHERE id = ANY (ARRAY(SELECT id FROM looked_at WHERE is_old AND has_old_run)) RETURNING id
    )
    SELECT (SELECT count(*) FROM removed)::int AS removed,
      CASE WHEN count(*) = $3 AND bool_and(is_old) THEN max(id) END AS next FROM looked_at`,
};

/** $1 attempts, $2 ms or null. Those that are no more, or ended longer ago. */
export const LIST_FORGOTTEN: Statement = {
  name: 'history_list_forgotten',
  text: `
    SELECT wanted.id FROM unnest($1::bigint[]) AS wanted (id) LEFT JOIN attempt ON attempt.id = wanted.id
    WHERE attempt.id IS NULL OR attempt.finished_at < now() - $2::float8 * interval '1 ms'`,
};
