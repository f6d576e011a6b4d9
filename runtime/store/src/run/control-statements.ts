import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';
import { toOverSql } from './run-state-sql.ts';

/** $1 project, $2 job, $3 whether it is paused. One row while the job is deployed. */
export const SET_PAUSED: Statement = {
  name: 'job_set_paused',
  text: `
    UPDATE job_schedule SET is_paused = $3 FROM job JOIN project ON project.id = job.project_id
    WHERE job_schedule.job_id = job.id AND project.name = $1 AND job.name = $2 AND job.deleted_at IS NULL
    RETURNING job_schedule.job_id, ${toNotifySql('schedule_changed', 'project.name')}`,
};

/** $1 job: has its runs wait that have not begun. A run that is being claimed in this moment has begun. */
export const HOLD_RUNS: Statement = {
  name: 'run_hold',
  text: `
    WITH held AS MATERIALIZED (
      SELECT id FROM run WHERE job_id = $1 AND state = 'queued' AND NOT is_held ORDER BY id FOR UPDATE
    ), marked AS (
      UPDATE run SET is_held = true FROM held WHERE run.id = held.id
    )
    UPDATE run_instance SET state = 'pending' FROM held WHERE run_instance.run_id = held.id AND run_instance.state = 'queued'`,
};

/** $1 host, $2 server. Attempts whose run is over or that have a deadline; the reason is null until it has passed. */
export const LIST_ENDING: Statement = {
  name: 'run_list_ending',
  text: `
    SELECT attempt.id, attempt.fence, extract(epoch FROM attempt.deadline_at - now())::float8 * 1000 AS due_in_ms,
      CASE WHEN ${toOverSql('run.state')} THEN 'run_over'
        WHEN attempt.deadline_at > now() THEN NULL
        WHEN attempt.deadline_at = run.deadline_at THEN 'run_timeout' ELSE 'timeout' END AS reason
    FROM attempt JOIN run_instance ON run_instance.id = attempt.instance_id JOIN run ON run.id = run_instance.run_id
    WHERE attempt.host_id = $1 AND attempt.server_id = $2 AND attempt.state IN ('starting', 'running')
      AND (attempt.deadline_at IS NOT NULL OR ${toOverSql('run.state')})`,
};
