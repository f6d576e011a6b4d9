import { toNotifySql } from '../change/change-notice.ts';
import { toPoolSql } from './pool-sql.ts';

/** SQL: what {@link COMPLETE_CREATED} needs of each new run. */
export const CREATED_COLUMNS = 'id, job_id, version_id, namespace_id, priority, scheduled_at, state, is_held';

/** SQL: the instances that the version has its runs have, as `planned`. */
export function toPlannedSql(version: string): string {
  return `jsonb_to_recordset(coalesce(${version}.instances,
        jsonb_build_array(jsonb_build_object('type', 'task', 'name', ${version}.spec #> '{task,name}', 'role', 'task', 'position', 0))))
        AS planned (type text, name text, role text, position smallint)`;
}

/**
 * The rest of a statement whose `created` holds new runs: their instances, of which the first may start unless the run waits or is
 * held; their first event; and the notice. A row for each run.
 */
export const COMPLETE_CREATED = `instances AS (
      INSERT INTO run_instance (run_id, namespace_id, priority, pool, type, name, role, position, state)
      SELECT created.id, created.namespace_id, created.priority, ${toPoolSql('job_version')}, planned.type, planned.name, planned.role, planned.position,
        CASE WHEN planned.position = 0 AND created.state = 'queued' AND NOT created.is_held THEN 'queued' ELSE 'pending' END
      FROM created JOIN job_version ON job_version.id = created.version_id
      CROSS JOIN LATERAL ${toPlannedSql('job_version')}
    ), events AS (
      INSERT INTO run_event (run_id, state) SELECT id, state FROM created
    )
    SELECT id, job_id, scheduled_at, state, ${toNotifySql('run_ready', 'id')} FROM created`;
