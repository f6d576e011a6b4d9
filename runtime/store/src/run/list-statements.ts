import type { Statement } from '../database/database.ts';

// Each page is one stretch of an index, or one for each state, and costs the same wherever in the history it lies.

/** SQL: a run as listings show it, from `run` and the tables around it. */
const RUN_COLUMNS = `run.id, run.job_id, run.version_id, run.scheduled_at, run.window_start, run.window_end, run.window_location, run.state,
      run.execution_time, run.started_at, run.finished_at, run.message,
      project.name AS project, namespace.name AS namespace, job.name AS job`;

/** $1 project, $2 job, $3 tick. One row when there is a run, also of a job that was deleted. */
export const FIND_RUN: Statement = {
  name: 'run_find',
  text: `
    SELECT ${RUN_COLUMNS}
    FROM project JOIN job ON job.project_id = project.id
    JOIN run ON run.job_id = job.id JOIN namespace ON namespace.id = run.namespace_id
    WHERE project.name = $1 AND job.name = $2 AND run.scheduled_at = $3`,
};

/** $1 project, $2 job. One row when the job is deployed and has a run. */
export const FIND_LAST: Statement = {
  name: 'run_find_last',
  text: `
    SELECT ${RUN_COLUMNS}
    FROM project JOIN job ON job.project_id = project.id
    JOIN run ON run.job_id = job.id JOIN namespace ON namespace.id = run.namespace_id
    WHERE project.name = $1 AND job.name = $2 AND job.deleted_at IS NULL
      AND run.scheduled_at = (SELECT max(scheduled_at) FROM run WHERE job_id = job.id)`,
};

/** SQL: the runs of `page` (id). As an array, for PostgreSQL takes a page of unknown size for a tenth of the table, and would read all of it. */
const PAGE_JOINS = `FROM run JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
    JOIN namespace ON namespace.id = run.namespace_id WHERE run.id = ANY (ARRAY(SELECT id FROM page))`;

/** SQL: the bounds of a page in the parameters $3 from, $4 to, both included, and $5 before which; null for none. */
const BOUNDS = `scheduled_at >= coalesce($3::timestamptz, '-infinity') AND scheduled_at <= coalesce($4::timestamptz, 'infinity')
        AND scheduled_at < coalesce($5::timestamptz, 'infinity')`;

/** $1 project, $2 job, the bounds, $6 limit. The newest tick first. */
export const LIST_OF_JOB: Statement = {
  name: 'run_list_of_job',
  text: `
    SELECT ${RUN_COLUMNS}
    FROM project JOIN job ON job.project_id = project.id CROSS JOIN LATERAL (
      SELECT * FROM run WHERE run.job_id = job.id AND ${BOUNDS} ORDER BY scheduled_at DESC LIMIT $6
    ) run JOIN namespace ON namespace.id = run.namespace_id
    WHERE project.name = $1 AND job.name = $2
    ORDER BY run.scheduled_at DESC`,
};

/** As {@link LIST_OF_JOB}, $7 states. */
export const LIST_OF_JOB_BY_STATE: Statement = {
  name: 'run_list_of_job_by_state',
  text: `
    WITH page AS MATERIALIZED (
      SELECT found.id FROM project JOIN job ON job.project_id = project.id
      CROSS JOIN unnest($7::text[]) AS wanted (state) CROSS JOIN LATERAL (
        SELECT id, scheduled_at FROM run WHERE run.job_id = job.id AND run.state = wanted.state AND ${BOUNDS}
        ORDER BY scheduled_at DESC LIMIT $6
      ) found
      WHERE project.name = $1 AND job.name = $2
      ORDER BY found.scheduled_at DESC LIMIT $6
    )
    SELECT ${RUN_COLUMNS}
    ${PAGE_JOINS}
    ORDER BY run.scheduled_at DESC`,
};

/** $1 project, $2 namespace or null for all, $3 states, $4 before which id or null, $5 limit. The newest made first. */
export const LIST_NEWEST: Statement = {
  name: 'run_list_newest',
  text: `
    WITH page AS MATERIALIZED (
      SELECT found.id FROM project JOIN namespace ON namespace.project_id = project.id
      CROSS JOIN unnest($3::text[]) AS wanted (state) CROSS JOIN LATERAL (
        SELECT id FROM run WHERE run.namespace_id = namespace.id AND run.state = wanted.state
          AND -id > -coalesce($4::bigint, 9223372036854775807)
        ORDER BY -id LIMIT $5
      ) found
      WHERE project.name = $1 AND ($2::text IS NULL OR namespace.name = $2)
      ORDER BY found.id DESC LIMIT $5
    )
    SELECT ${RUN_COLUMNS}
    ${PAGE_JOINS}
    ORDER BY run.id DESC`,
};

/** $1 project, $2 job. One row when retention has removed runs of the job. */
export const FIND_REMOVED: Statement = {
  name: 'run_find_removed',
  text: `
    SELECT removed_until AS until, removed_runs::float8 AS count
    FROM project JOIN job ON job.project_id = project.id JOIN job_retention ON job_retention.job_id = job.id
    WHERE project.name = $1 AND job.name = $2`,
};
