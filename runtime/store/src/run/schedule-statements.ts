import type { Statement } from '../database/database.ts';
import { COMPLETE_CREATED, CREATED_COLUMNS } from './create-statements.ts';
import { toRunLimitSql } from './run-limit-sql.ts';
import { toMetSql } from './run-state-sql.ts';

/** SQL: the upstreams of `due.job_id` as a JSON array, null when there are none. */
const UPSTREAMS = `
  SELECT jsonb_agg(jsonb_build_object('job_id', upstream.id::text, 'version', version.spec -> 'version',
    'schedule', version.spec -> 'schedule', 'window', version.spec #> '{task,window}',
    'preset', project.presets -> (version.spec #>> '{task,window,preset}')))
  FROM (SELECT DISTINCT upstream_job_id AS id FROM job_dependency WHERE job_dependency.job_id = due.job_id) edge
  JOIN job upstream ON upstream.id = edge.id AND upstream.deleted_at IS NULL AND upstream.id <> due.job_id
  JOIN job_version version ON version.id = upstream.version_id JOIN project ON project.id = upstream.project_id`;

/** SQL: the URNs that `due.job_id` reads and no job writes as a JSON array, null when there are none. */
const UNWRITTEN = `
  SELECT jsonb_agg(urn ORDER BY urn) FROM job_dependency
  WHERE job_dependency.job_id = due.job_id AND kind = 'inferred' AND upstream_job_id IS NULL AND right(urn, 1) <> '*'`;

/** $1 limit. At least one row, which has no job when none is due. */
export const LIST_DUE: Statement = {
  name: 'schedule_list_due',
  text: `
    WITH due AS (
      SELECT job_id, next_scheduled_at, last_scheduled_at FROM job_schedule
      WHERE next_scheduled_at <= now() AND NOT is_paused
      ORDER BY next_scheduled_at, job_id LIMIT $1
    ), clock AS (
      SELECT now() AS now, min(next_scheduled_at) AS next_due_at FROM job_schedule
      WHERE next_scheduled_at > now() AND NOT is_paused
    )
    SELECT clock.now, clock.next_due_at, due.job_id, due.next_scheduled_at, due.last_scheduled_at, job.level, job.version_id, job_version.spec,
      project.presets -> (job_version.spec -> 'task' -> 'window' ->> 'preset') AS preset, (${UPSTREAMS}) AS upstreams,
      (${UNWRITTEN}) AS unwritten
    FROM clock LEFT JOIN (due JOIN job ON job.id = due.job_id JOIN job_version ON job_version.id = job.version_id
      JOIN project ON project.id = job.project_id) ON true
    ORDER BY due.next_scheduled_at, due.job_id`,
};

/** SQL: the tick that `wait` is for. A job's past is its newest run that was not skipped; looked for when the tick before was. */
const PAST = `CASE WHEN upstream_job_id = job_id AND EXISTS (SELECT FROM run
      WHERE run.job_id = wait.job_id AND run.scheduled_at = wait.upstream_scheduled_at AND run.state = 'skipped')
    THEN coalesce((SELECT run.scheduled_at FROM run
      WHERE run.job_id = wait.job_id AND run.scheduled_at < wait.upstream_scheduled_at AND run.state <> 'skipped'
      ORDER BY run.scheduled_at DESC LIMIT 1), upstream_scheduled_at)
    ELSE upstream_scheduled_at END`;

/**
 * $1 cursors, $2 runs, $3 what these wait for, $4 their probes, all as JSON. The job and its cursor are locked first, as a deployment locks them and
 * always in the order of jobs, so that none wait for each other in a circle. What a deployment changed meanwhile is seen then: its
 * schedule must not be passed by ticks of the one before. A wait is open unless its run has succeeded or was skipped, or its
 * job's cursor has passed the tick and there is no run; the lock of its upstream is held.
 */
export const ADVANCE: Statement = {
  name: 'schedule_advance',
  text: `
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (job_id bigint, version_id bigint, from_at timestamptz, to_at timestamptz, last_at timestamptz)
    ), locked AS MATERIALIZED (
      SELECT wanted.job_id, from_at, to_at, last_at
      FROM wanted JOIN job ON job.id = wanted.job_id JOIN job_schedule ON job_schedule.job_id = job.id
      WHERE next_scheduled_at = from_at AND job.version_id = wanted.version_id AND NOT is_paused
      ORDER BY wanted.job_id FOR NO KEY UPDATE OF job FOR UPDATE OF job_schedule
    ), moved AS (
      UPDATE job_schedule SET next_scheduled_at = to_at, last_scheduled_at = greatest(last_scheduled_at, last_at)
      FROM locked WHERE job_schedule.job_id = locked.job_id
      RETURNING job_schedule.job_id
    ), planned AS (
      SELECT * FROM jsonb_to_recordset($2::jsonb) AS p (job_id bigint, version_id bigint, scheduled_at timestamptz,
        window_start timestamptz, window_end timestamptz, window_location text, priority integer)
    ), wait AS (
      SELECT job_id, scheduled_at, upstream_job_id, ${PAST} AS upstream_scheduled_at FROM jsonb_to_recordset($3::jsonb)
        AS wait (job_id bigint, scheduled_at timestamptz, upstream_job_id bigint, upstream_scheduled_at timestamptz)
    ), open_wait AS MATERIALIZED (
      SELECT wait.* FROM wait LEFT JOIN run upstream ON upstream.job_id = wait.upstream_job_id AND upstream.scheduled_at = wait.upstream_scheduled_at
      LEFT JOIN job_schedule ON job_schedule.job_id = wait.upstream_job_id
      WHERE CASE WHEN upstream.id IS NULL THEN job_schedule.next_scheduled_at <= wait.upstream_scheduled_at ELSE NOT ${toMetSql('upstream.state')} END
    ), probe AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset($4::jsonb) AS probe (job_id bigint, scheduled_at timestamptz, kind text, name text, target text)
    ), open_count AS (
      SELECT job_id, scheduled_at, count(*)::int AS waits FROM (
        SELECT job_id, scheduled_at FROM open_wait UNION ALL SELECT job_id, scheduled_at FROM probe
      ) open GROUP BY job_id, scheduled_at
    ), created AS (
      INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, window_location, priority, state, wait_count, is_held)
      SELECT job.id, planned.version_id, job.namespace_id, scheduled_at, window_start, window_end, window_location, priority,
        CASE WHEN waits > 0 THEN 'wait_upstream' ELSE 'queued' END, coalesce(waits, 0),
        waits IS NULL AND ${toRunLimitSql('job_version')} IS NOT NULL
      FROM planned JOIN moved USING (job_id) LEFT JOIN open_count USING (job_id, scheduled_at)
      JOIN job ON job.id = moved.job_id JOIN job_version ON job_version.id = planned.version_id
      ORDER BY scheduled_at, job.id
      ON CONFLICT (job_id, scheduled_at) DO NOTHING
      RETURNING ${CREATED_COLUMNS}
    ), waits AS (
      INSERT INTO run_wait (run_id, upstream_job_id, upstream_scheduled_at)
      SELECT created.id, upstream_job_id, upstream_scheduled_at FROM created JOIN open_wait USING (job_id, scheduled_at)
    ), probes AS (
      INSERT INTO run_probe (run_id, kind, name, target)
      SELECT created.id, kind, name, target FROM created JOIN probe USING (job_id, scheduled_at)
    ), ${COMPLETE_CREATED}`,
};
