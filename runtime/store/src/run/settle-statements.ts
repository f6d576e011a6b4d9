import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { toPlannedSql } from './create-statements.ts';
import { toPoolSql } from './pool-sql.ts';
import { toRunLimitSql } from './run-limit-sql.ts';
import { toOverSql, toUnfinishedSql } from './run-state-sql.ts';

// The statements of a step that changes a run: its row is locked first, and what follows is decided from what is read after.

const LOCKED_COLUMNS = `run.id, run.job_id, run.scheduled_at, run.state, run.message, (${toRunLimitSql('version')} IS NOT NULL
  OR EXISTS (SELECT FROM run other WHERE other.job_id = run.job_id AND other.is_held)) AS is_limited`;
/** The time of a run, null when it is not limited: what is left of it, and all of it, in ms. */
const TIME_COLUMNS = `extract(epoch FROM run.deadline_at - now())::float8 * 1000 AS left_ms,
  (version.spec #>> '{behavior,runTimeoutMs}')::float8 AS limit_ms`;
const LOCKED_JOINS =
  'JOIN job ON job.id = run.job_id JOIN job_version version ON version.id = job.version_id';

/** $1 attempt, $2 fence. One row while the claim holds. */
export const LOCK_BY_ATTEMPT: Statement = {
  name: 'run_lock_by_attempt',
  text: `
    SELECT ${LOCKED_COLUMNS}, ${TIME_COLUMNS}, instance.id AS instance_id
    FROM attempt JOIN run_instance instance ON instance.id = attempt.instance_id JOIN run ON run.id = instance.run_id
    ${LOCKED_JOINS} WHERE attempt.id = $1 AND attempt.fence = $2 AND attempt.state IN ('starting', 'running')
    FOR UPDATE OF run`,
};

/** One run under way whose time is over while something of it waits that is no fail hook; none when there is none. */
export const LOCK_OVERDUE: Statement = {
  name: 'run_lock_overdue',
  text: `
    SELECT ${LOCKED_COLUMNS}, ${TIME_COLUMNS} FROM run ${LOCKED_JOINS}
    WHERE run.state IN ('running', 'up_for_retry') AND run.deadline_at <= now() AND EXISTS (
      SELECT FROM run_instance waiting
      WHERE waiting.run_id = run.id AND waiting.role <> 'fail' AND waiting.state IN ('queued', 'up_for_retry'))
    ORDER BY run.deadline_at LIMIT 1 FOR UPDATE OF run SKIP LOCKED`,
};

/** How long until the time of the next run under way is over, in ms; null when none has a limit. */
export const FIND_NEXT_OVERDUE: Statement = {
  name: 'run_find_next_overdue',
  text: `
    SELECT extract(epoch FROM min(deadline_at) - now())::float8 * 1000 AS due_in_ms FROM run
    WHERE state IN ('running', 'up_for_retry') AND deadline_at > now()`,
};

/** $1 run. */
export const LIST_PROGRESS: Statement = {
  name: 'run_list_progress',
  text: 'SELECT id, name, role, position, state, message FROM run_instance WHERE run_id = $1 ORDER BY position, id',
};

/** Instances of a run that is under way come before those of runs that have not begun: what is begun is finished first. */
const UNDER_WAY = 1_000_000;

/** $1 attempt: its run's instances, in the same columns. */
export const LIST_SIBLINGS: Statement = {
  name: 'run_list_siblings',
  text: `
    SELECT sibling.id, sibling.name, sibling.role, sibling.position, sibling.state, sibling.message
    FROM attempt JOIN run_instance instance ON instance.id = attempt.instance_id JOIN run_instance sibling ON sibling.run_id = instance.run_id
    WHERE attempt.id = $1 ORDER BY sibling.position, sibling.id`,
};

/**
 * $1 attempt, $2 fence, $3 its state unless its run is over already, $4 exit code, $5 message, before what was noted,
 * $6 and $7 how it ended, $8 for how many ms it has, at most since its start. One row, or none when the claim does not hold any more.
 */
export const END_ATTEMPT: Statement = {
  name: 'run_end_attempt',
  text: `
    UPDATE attempt SET state = CASE WHEN ${toOverSql('run.state')} THEN 'canceled' ELSE $3 END, 
      exit_code = $4, message = concat_ws('; ', nullif($5::text, ''), nullif(attempt.message, '')),
      outcome = $6, error_code = $7,
      finished_at = greatest(attempt.started_at, now() - $8::float8 * interval '1 ms')
    FROM run_instance instance JOIN run ON run.id = instance.run_id
    WHERE attempt.id = $1 AND fence = $2 AND attempt.state IN ('starting', 'running') AND instance.id = attempt.instance_id
    RETURNING attempt.id`,
};

/**
 * $1 run, $2 its state, $3 its message, $4 instances that change as JSON (id, state, message, delay_ms), $5 the attempt by which,
 * null for none. The run's waiting dispatchers are told when an instance may start, or when its end makes room under a limit or in a pool.
 */
export const SETTLE: Statement = {
  name: 'run_settle',
  text: `
    WITH changed AS (
      UPDATE run_instance SET state = wanted.state, message = wanted.message,
        ready_at = now() + wanted.delay_ms * interval '1 ms', priority = run.priority + ${UNDER_WAY}
      FROM jsonb_to_recordset($4::jsonb) AS wanted (id bigint, state text, message text, delay_ms float8), run
      WHERE run_instance.id = wanted.id AND run_instance.run_id = $1 AND run.id = $1
      RETURNING run_instance.state
    ), moved AS (
      UPDATE run SET state = $2, message = $3, is_held = is_held AND $2 = 'queued',
        finished_at = CASE WHEN ${toOverSql('$2')} THEN coalesce(finished_at, now()) END
      WHERE id = $1 RETURNING id, namespace_id
    ), events AS (
      INSERT INTO run_event (run_id, attempt_id, state, message) VALUES ($1, $5, $2, $3)
    )
    SELECT ${toNotifySql('run_changed', 'moved.id')},
      CASE WHEN EXISTS (SELECT FROM changed WHERE state IN ('queued', 'up_for_retry')) OR namespace.config ? 'MAX_ACTIVE_RUNS'
        OR project.config ? 'MAX_ACTIVE_RUNS' OR EXISTS (
          SELECT FROM attempt JOIN run_instance ON run_instance.id = attempt.instance_id WHERE attempt.id = $5 AND run_instance.pool <> '')
        THEN ${toNotifySql('run_ready', 'moved.id')} END
    FROM moved JOIN namespace ON namespace.id = moved.namespace_id JOIN project ON project.id = namespace.project_id`,
};

/** $1 project, $2 job, $3 tick. One row when there is a run. */
export const LOCK_BY_KEY: Statement = {
  name: 'run_lock_by_key',
  text: `
    SELECT ${LOCKED_COLUMNS}, EXISTS (
      SELECT FROM attempt JOIN run_instance ON run_instance.id = attempt.instance_id
      WHERE run_instance.run_id = run.id AND attempt.state IN ('starting', 'running')) AS has_live_attempt
    FROM run ${LOCKED_JOINS} JOIN project ON project.id = job.project_id
    WHERE project.name = $1 AND job.name = $2 AND run.scheduled_at = $3
    FOR UPDATE OF run`,
};

/** $1 jobs: their runs that are not over, in the order of ticks. */
export const LOCK_UNFINISHED: Statement = {
  name: 'run_lock_unfinished',
  text: `
    SELECT ${LOCKED_COLUMNS} FROM run ${LOCKED_JOINS} WHERE run.job_id = ANY ($1) AND ${toUnfinishedSql('run.state')}
    ORDER BY run.job_id, run.scheduled_at FOR UPDATE OF run`,
};

/** $1 jobs, $2 runs that do not count: of each job the first run that is not over. */
export const LIST_IN_THE_WAY: Statement = {
  name: 'run_list_in_the_way',
  text: `
    SELECT job.id AS job_id, first.scheduled_at FROM unnest($1::bigint[]) AS job (id) CROSS JOIN LATERAL (
      SELECT scheduled_at FROM run WHERE run.job_id = job.id AND ${toUnfinishedSql('run.state')} AND run.id <> ALL ($2::bigint[])
      ORDER BY scheduled_at LIMIT 1
    ) first`,
};

/** $1 run: it waits for nothing any more; who still runs an attempt of it is told. */
export const END_EARLY: Statement = {
  name: 'run_end_early',
  text: `
    WITH waits AS (DELETE FROM run_wait WHERE run_id = $1), probes AS (DELETE FROM run_probe WHERE run_id = $1), moved AS (UPDATE run SET wait_count = 0 WHERE id = $1)
    SELECT ${toNotifySql('run_ended_early', '$1::bigint')}`,
};

/** $1 run, $2 version, $3 and $4 window, $5 its location: has the run follow the version, with its instances. */
export const FOLLOW_VERSION: Statement = {
  name: 'run_follow_version',
  text: `
    WITH followed AS (
      UPDATE run SET version_id = $2, window_start = $3, window_end = $4, window_location = $5 WHERE id = $1
      RETURNING id, namespace_id, priority
    ), planned AS (
      SELECT planned.*, ${toPoolSql('job_version')} AS pool FROM job_version CROSS JOIN LATERAL ${toPlannedSql('job_version')} WHERE job_version.id = $2
    ), gone AS (
      UPDATE run_instance SET state = 'skipped' WHERE run_id = $1 AND (type, name) NOT IN (SELECT type, name FROM planned)
    )
    INSERT INTO run_instance (run_id, namespace_id, priority, pool, type, name, role, position, state)
    SELECT followed.id, namespace_id, priority, pool, type, name, role, position, 'pending' FROM followed, planned
    ON CONFLICT (run_id, type, name) DO UPDATE SET role = excluded.role, position = excluded.position, pool = excluded.pool`,
};

/**
 * $1 run, $2 whether instances that succeeded run again too, $3 and $4 type and name of one that does in any case: those that run again
 * have their tries anew. The run is held until it is admitted.
 */
export const RESET_INSTANCES: Statement = {
  name: 'run_reset_instances',
  text: `
    WITH run AS (
      UPDATE run SET state = 'queued', is_held = true, started_at = NULL, finished_at = NULL, deadline_at = NULL WHERE id = $1
      RETURNING id, version_id, priority
    )
    UPDATE run_instance SET state = 'pending', message = '', attempt_base = attempt_count, priority = run.priority + ${UNDER_WAY}
    FROM run JOIN job_version ON job_version.id = run.version_id CROSS JOIN LATERAL ${toPlannedSql('job_version')}
    WHERE run_instance.run_id = run.id AND run_instance.type = planned.type AND run_instance.name = planned.name
      AND ($2 OR run_instance.role = 'fail' OR run_instance.state <> 'success' OR (run_instance.type = $3 AND run_instance.name = $4))`,
};
