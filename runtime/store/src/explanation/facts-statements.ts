import { MOST_ATTEMPTS, MOST_WAITS } from '@optimus/domain';
import type { Statement } from '../database/database.ts';
import { toUnfinishedSql } from '../run/run-state-sql.ts';

// What explaining a run reads. Each statement costs the same however many runs are stored: it probes indexes, and counts no further
// than COUNTED.

const COUNTED = 1000;
const NAMED = 5;
/** So many endpoints of a run are shown. */
const PROBES = 10;
/** So many of the newest runs are looked at for successful ones, of which so many tell what is usual. */
const RECENT = 100;
const COMPARED = 20;

const ACTIVE = `('running', 'up_for_retry')`;

/** $1 project, $2 job. One row when the project ever had a job of the name. */
export const FIND_JOB: Statement = {
  name: 'facts_find_job',
  text: `
    SELECT now() AS now, job.id, project.name AS project, namespace.name AS namespace, job.name AS job, job.deleted_at,
      version.number, version.created_at AS deployed_at, version.spec,
      project.presets -> (version.spec #>> '{task,window,preset}') AS preset,
      schedule.is_paused, schedule.next_scheduled_at, schedule.last_scheduled_at,
      namespace.config ->> 'MAX_ACTIVE_RUNS' AS namespace_limit, project.config ->> 'MAX_ACTIVE_RUNS' AS project_limit,
      lease.expires_at AS lead_until, job_retention.removed_until
    FROM project JOIN job ON job.project_id = project.id JOIN namespace ON namespace.id = job.namespace_id
    JOIN job_version version ON version.id = job.version_id JOIN job_schedule schedule ON schedule.job_id = job.id
    LEFT JOIN lease ON lease.name = 'planner' LEFT JOIN job_retention ON job_retention.job_id = job.id
    WHERE project.name = $1 AND job.name = $2`,
};

/** $1 job, $2 tick, null for the run that matters. */
export const FIND_RUN: Statement = {
  name: 'facts_find_run',
  text: `
    SELECT run.id, run.job_id, run.version_id, run.scheduled_at, run.window_start, run.window_end, run.window_location, run.state,
      run.execution_time, run.started_at, run.finished_at, run.message, run.is_held,
      project.name AS project, namespace.name AS namespace, job.name AS job,
      version.number, version.created_at AS deployed_at, (version.spec #>> '{behavior,retry,count}')::int AS retries,
      (SELECT count(*)::int FROM (
        SELECT FROM run other WHERE other.job_id = $1 AND ${toUnfinishedSql('other.state')} AND other.id <> run.id LIMIT ${COUNTED}
      ) others) AS others,
      (SELECT jsonb_agg(to_jsonb(probe) ORDER BY probe.kind, probe.name) FROM (
        SELECT kind, name, target, tries, outcome, next_probe_at FROM run_probe WHERE run_id = run.id LIMIT ${PROBES}
      ) probe) AS probes
    FROM run JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
    JOIN namespace ON namespace.id = run.namespace_id JOIN job_version version ON version.id = run.version_id
    WHERE run.id = CASE WHEN $2::timestamptz IS NOT NULL
      THEN (SELECT id FROM run WHERE job_id = $1 AND scheduled_at = $2)
      ELSE coalesce(
        (SELECT id FROM run WHERE job_id = $1 AND ${toUnfinishedSql('state')} ORDER BY state IN ${ACTIVE} DESC, scheduled_at DESC LIMIT 1),
        (SELECT id FROM run WHERE job_id = $1 ORDER BY scheduled_at DESC LIMIT 1)) END`,
};

/** $1 run: its instances in order, each with its newest attempts. */
export const LIST_INSTANCES: Statement = {
  name: 'facts_list_instances',
  text: `
    SELECT instance.id, instance.type, instance.name, instance.role, instance.position, instance.state, instance.ready_at,
      instance.message AS reason, instance.attempt_count - instance.attempt_base AS tries, attempt.id AS attempt_id, attempt.number,
      attempt.state AS attempt_state, attempt.exit_code, attempt.message, attempt.started_at, attempt.finished_at, attempt.host_id,
      attempt.lease_expires_at, attempt.deadline_at, attempt.outcome, attempt.error_code
    FROM run_instance instance LEFT JOIN LATERAL (
      SELECT * FROM attempt WHERE instance_id = instance.id ORDER BY number DESC LIMIT ${MOST_ATTEMPTS}
    ) attempt ON true
    WHERE instance.run_id = $1 ORDER BY instance.position, instance.id, attempt.number`,
};

/** SQL: how many runs a CTE of (id, job_id, scheduled_at, rank) has, and the first of them by name. */
function toActiveSql(name: string): string {
  return `(SELECT jsonb_build_object('count', count(*), 'runs', coalesce(jsonb_agg(jsonb_build_object('project', project.name,
      'job', job.name, 'scheduled_at', ${name}.scheduled_at) ORDER BY rank) FILTER (WHERE rank <= ${NAMED}), '[]'))
    FROM ${name} LEFT JOIN job ON job.id = ${name}.job_id AND rank <= ${NAMED} LEFT JOIN project ON project.id = job.project_id) AS ${name}`;
}

const RANKED = 'job_id, scheduled_at, row_number() OVER (ORDER BY started_at, scheduled_at) AS rank';

const ACTIVES = [
  'before_it',
  'active_of_job',
  'active_of_namespace',
  'active_of_project',
  'pool_of_namespace',
  'pool_of_project',
];

/** $1 job, $2 run and its tick $3, both null when there is none. One row. */
export const READ_SURROUNDINGS: Statement = {
  name: 'facts_read_surroundings',
  text: `
    WITH tenant AS (
      SELECT namespace_id, project_id FROM job WHERE id = $1
    ), recent AS (
      SELECT run.id, run.state, run.scheduled_at, run.started_at, run.finished_at, version.created_at AS deployed_at
      FROM run JOIN job_version version ON version.id = run.version_id
      WHERE run.job_id = $1 AND run.scheduled_at <= coalesce($3::timestamptz, 'infinity') ORDER BY run.scheduled_at DESC LIMIT ${RECENT}
    ), past AS (
      SELECT * FROM recent WHERE state = 'success' AND started_at IS NOT NULL AND id IS DISTINCT FROM $2::bigint
      ORDER BY scheduled_at DESC LIMIT ${COMPARED}
    ), usual AS (
      SELECT count(*)::int AS usual_runs,
        1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)::float8) AS usual_duration_ms,
        1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - scheduled_at)::float8)
          FILTER (WHERE scheduled_at >= deployed_at) AS usual_delay_ms
      FROM past
    ), own AS (
      SELECT * FROM run_instance WHERE run_id = $2 AND state IN ('queued', 'up_for_retry') ORDER BY position, id LIMIT 1
    ), before_it AS (
      SELECT run.job_id, run.scheduled_at, rank FROM own CROSS JOIN LATERAL (
        SELECT run_id, row_number() OVER (ORDER BY priority DESC, ready_at, id) AS rank FROM run_instance instance
        WHERE instance.namespace_id = own.namespace_id AND instance.state IN ('queued', 'up_for_retry')
          AND instance.ready_at <= now() AND instance.id <> own.id AND instance.priority >= own.priority
          AND (instance.priority > own.priority OR (instance.ready_at, instance.id) < (own.ready_at, own.id))
        ORDER BY instance.priority DESC, instance.ready_at, instance.id LIMIT ${COUNTED}
      ) earlier JOIN run ON run.id = earlier.run_id
    ), pooled AS (
      SELECT run.job_id, run.scheduled_at, attempt.started_at, run.namespace_id FROM own JOIN attempt ON attempt.state IN ('starting', 'running')
      JOIN run_instance instance ON instance.id = attempt.instance_id AND instance.pool = own.pool JOIN run ON run.id = instance.run_id
      WHERE own.pool <> ''
    ), pool_of_namespace AS (
      SELECT ${RANKED} FROM (SELECT pooled.* FROM pooled JOIN tenant USING (namespace_id) LIMIT ${COUNTED}) counted
    ), pool_of_project AS (
      SELECT ${RANKED} FROM (
        SELECT pooled.* FROM pooled JOIN namespace ON namespace.id = pooled.namespace_id JOIN tenant ON tenant.project_id = namespace.project_id
        LIMIT ${COUNTED}
      ) counted
    ), active_of_job AS (
      SELECT ${RANKED} FROM (
        SELECT run.job_id, run.scheduled_at, run.started_at FROM run WHERE run.job_id = $1 AND run.id IS DISTINCT FROM $2
          AND run.state IN ('queued', 'running', 'up_for_retry') AND NOT run.is_held LIMIT ${COUNTED}
      ) counted
    ), active_of_namespace AS (
      SELECT ${RANKED} FROM (
        SELECT run.job_id, run.scheduled_at, run.started_at FROM tenant JOIN run ON run.namespace_id = tenant.namespace_id
        WHERE run.state IN ${ACTIVE} LIMIT ${COUNTED}
      ) counted
    ), active_of_project AS (
      SELECT ${RANKED} FROM (
        SELECT run.job_id, run.scheduled_at, run.started_at FROM tenant JOIN namespace ON namespace.project_id = tenant.project_id
        JOIN run ON run.namespace_id = namespace.id WHERE run.state IN ${ACTIVE} LIMIT ${COUNTED}
      ) counted
    )
    SELECT usual.*, (SELECT jsonb_build_object('key', own.pool, 'namespace_size', namespace.config ->> own.pool,
        'project_size', project.config ->> own.pool)
      FROM own JOIN namespace ON namespace.id = own.namespace_id JOIN project ON project.id = namespace.project_id WHERE own.pool <> '') AS pool,
      (SELECT count(*)::int FROM attempt WHERE state IN ('starting', 'running')) AS live_attempts,
      ${ACTIVES.map(toActiveSql).join(',\n      ')}
    FROM usual`,
};

/**
 * $1 run: its waits and those of the runs that it waits for, the nearest first. A run is looked up by its key, one by one: estimated
 * as a whole, a recursion has PostgreSQL read all of history. It ends when enough rows are read.
 */
export const LIST_WAITS: Statement = {
  name: 'facts_list_waits',
  text: `
    WITH RECURSIVE edge (run_id, upstream_job_id, upstream_scheduled_at, upstream_run_id) AS (
      SELECT run_id, upstream_job_id, upstream_scheduled_at,
        (SELECT id FROM run WHERE job_id = upstream_job_id AND scheduled_at = upstream_scheduled_at)
      FROM run_wait WHERE run_id = $1
      UNION
      SELECT further.* FROM edge CROSS JOIN LATERAL (
        SELECT run_id, run_wait.upstream_job_id, run_wait.upstream_scheduled_at,
          (SELECT id FROM run WHERE job_id = run_wait.upstream_job_id AND scheduled_at = run_wait.upstream_scheduled_at)
        FROM run_wait WHERE run_id = edge.upstream_run_id
      ) further
    ), reached AS MATERIALIZED (
      SELECT *, row_number() OVER () AS rank FROM (SELECT * FROM edge LIMIT ${MOST_WAITS}) nearest
    )
    SELECT reached.run_id, project.name AS project, job.name AS job, job.id AS upstream_job_id, reached.upstream_scheduled_at AS scheduled_at,
      reached.upstream_run_id, (SELECT state FROM run WHERE id = reached.upstream_run_id) AS state,
      (SELECT job_id FROM run WHERE id = reached.run_id) = job.id AS is_past,
      job.deleted_at IS NOT NULL OR coalesce((SELECT is_paused FROM job_schedule WHERE job_id = job.id), false) AS is_halted
    FROM reached JOIN job ON job.id = reached.upstream_job_id JOIN project ON project.id = job.project_id ORDER BY reached.rank`,
};
