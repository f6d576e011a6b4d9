import type { Client } from 'pg';

/** How many jobs the runs are of, in three projects of four namespaces. */
export const JOBS = 1_000;

const TICKS_A_STATEMENT = 100;

/**
 * Fills the database of a store with ended runs of hourly jobs, up to now: their instances (each third run has a hook), attempts (each
 * fortieth task was tried twice) and three events each; of a hundred runs two failed and one was canceled. Foreign keys are not
 * looked up meanwhile: what refers to what is made here.
 */
export async function fillHistory(client: Client, from: number, to: number): Promise<void> {
  await client.query(`SET session_replication_role = replica`);
  await client.query('SET synchronous_commit = off');
  const ticks = Math.ceil(to / JOBS);
  for (let tick = Math.ceil(from / JOBS); tick < ticks; tick += TICKS_A_STATEMENT)
    await client.query(FILL, [tick, Math.min(ticks, tick + TICKS_A_STATEMENT) - 1]);
  await client.query('RESET session_replication_role');
  await client.query('VACUUM (ANALYZE) run, run_instance, attempt, run_event');
  await client.query('CHECKPOINT');
}

// $1 and $2: the first and the last of the ticks, counted from the oldest. Ten million runs are 10,000 hours of a thousand jobs.
const FILL = `
  WITH runs AS (
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, execution_time, priority, state, started_at, finished_at)
    SELECT job.id, job.version_id, job.namespace_id, due.at, due.at - interval '1 hour', due.at, due.at, 10000,
      CASE WHEN (job.id * 31 + tick) % 100 < 2 THEN 'failed' WHEN (job.id * 31 + tick) % 100 = 2 THEN 'canceled' ELSE 'success' END,
      due.at, due.at + (1 + job.id % 600) * interval '1 second'
    FROM generate_series($1::int, $2::int) AS tick
    CROSS JOIN LATERAL (SELECT date_trunc('hour', now()) - (20000 - tick) * interval '1 hour' AS at) due
    CROSS JOIN job WHERE job.name LIKE 'stored-%'
    ORDER BY tick, job.id
    RETURNING id, namespace_id, state, started_at, finished_at
  ), instances AS (
    INSERT INTO run_instance (run_id, namespace_id, priority, type, name, role, position, state, attempt_count, ready_at)
    SELECT runs.id, namespace_id, 10000, planned.type, planned.name, planned.role, planned.position, runs.state,
      CASE WHEN runs.id % 40 = 0 THEN 2 ELSE 1 END, started_at
    FROM runs JOIN (VALUES ('task', 'neo', 'task', 0), ('hook', 'audit', 'post', 1)) AS planned (type, name, role, position)
      ON planned.type = 'task' OR runs.id % 3 = 0
    ORDER BY runs.id
    RETURNING id, run_id, attempt_count, state, ready_at
  ), attempts AS (
    INSERT INTO attempt (instance_id, number, state, fence, host_id, server_id, lease_expires_at, handle, exit_code, started_at, finished_at)
    SELECT instances.id, number, CASE WHEN number < attempt_count THEN 'failed' ELSE state END, 1, 'host', 'a-server-of-the-benchmark',
      ready_at + interval '10 minutes', '{"attemptId": "1234567", "pid": 12345}', CASE state WHEN 'success' THEN 0 ELSE 1 END,
      ready_at, ready_at + interval '10 seconds'
    FROM instances CROSS JOIN LATERAL generate_series(1, attempt_count) AS number
    ORDER BY instances.id
  )
  INSERT INTO run_event (run_id, state, created_at)
  SELECT runs.id, step.state, CASE step.number WHEN 3 THEN finished_at ELSE started_at END
  FROM runs CROSS JOIN LATERAL (VALUES (1, 'queued'), (2, 'running'), (3, runs.state)) AS step (number, state)
  ORDER BY runs.id, step.number`;
