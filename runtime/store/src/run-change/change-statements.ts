import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';

/** SQL: whether `event` is one of those that were asked for, `run` and `job` being its own. */
const IS_WANTED = `
          ($7::text IS NULL OR job.project_id = (SELECT project_id FROM named))
          AND ($8::text IS NULL OR run.namespace_id = (SELECT namespace_id FROM named))
          AND ($9::text IS NULL OR run.job_id = (SELECT job_id FROM named))`;

const EVENTS = 'FROM run_event event JOIN run ON run.id = event.run_id JOIN job ON job.id = run.job_id';

/** SQL: the columns of a change and where they come from, given events under a name. */
function toChangeSql(page: string): string {
  return `${page}.id, ${page}.run_id, ${page}.state, ${page}.message, ${page}.created_at, ${page}.event,
        (SELECT before.state FROM run_event before WHERE before.run_id = ${page}.run_id AND before.id < ${page}.id
          ORDER BY before.id DESC LIMIT 1) AS previous_state,
        project.name AS project, namespace.name AS namespace, job.name AS job, run.scheduled_at,
        attempt.id AS attempt_id, attempt.number, instance.type, instance.name
      FROM ${page} JOIN run ON run.id = ${page}.run_id JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
      JOIN namespace ON namespace.id = run.namespace_id
      LEFT JOIN attempt ON attempt.id = ${page}.attempt_id LEFT JOIN run_instance instance ON instance.id = attempt.instance_id`;
}

/** The snapshot, the time and the last change that it shows; nulls when it shows none. */
export const READ_NEWEST: Statement = {
  name: 'run_change_read_newest',
  text: `
    SELECT pg_current_snapshot()::text AS snapshot, extract(epoch FROM now())::bigint::text AS now,
      newest.transaction_id::text AS transaction, newest.id
    FROM (SELECT) AS one LEFT JOIN LATERAL (
      SELECT transaction_id, id FROM run_event ORDER BY transaction_id DESC, id DESC LIMIT 1
    ) newest ON true`,
};

/**
 * Changes that a position has not seen: what is left of its last transaction, then the others in the order of transactions and ids.
 * $1 the position as a snapshot, $2 its first missing transaction, $3 its last transaction, $4 up to which id of that, $5 limit,
 * $6 a later position as a snapshot to end with, null for none, $7 project, $8 namespace, $9 job, null for any. At least one row,
 * which has no change when there is none. The index on transactions is read from the first missing one on.
 */
export const READ_CHANGES: Statement = {
  name: 'run_change_read',
  text: `
    WITH named AS (
      SELECT project.id AS project_id, namespace.id AS namespace_id, job.id AS job_id FROM project
      LEFT JOIN namespace ON namespace.project_id = project.id AND namespace.name = $8
      LEFT JOIN job ON job.project_id = project.id AND job.name = $9
      WHERE project.name = $7
    ), page AS (
      (SELECT 0 AS part, event.* ${EVENTS}
        WHERE transaction_id = $3::text::xid8 AND event.id > $4::bigint AND ${IS_WANTED}
        ORDER BY event.id LIMIT $5)
      UNION ALL
      (SELECT 1 AS part, event.* ${EVENTS}
        WHERE transaction_id >= $2::text::xid8 AND NOT pg_visible_in_snapshot(transaction_id, $1::text::pg_snapshot)
          AND ($6::text IS NULL OR pg_visible_in_snapshot(transaction_id, $6::text::pg_snapshot))
          AND ${IS_WANTED}
        ORDER BY transaction_id, event.id LIMIT $5)
      ORDER BY part, transaction_id, id LIMIT $5
    )
    SELECT pg_current_snapshot()::text AS snapshot, extract(epoch FROM now())::bigint::text AS now, change.*
    FROM (SELECT) AS one LEFT JOIN (
      SELECT page.part, page.transaction_id::text AS transaction, ${toChangeSql('page')}
    ) change ON true
    ORDER BY change.part, change.transaction::xid8, change.id`,
};

/** $1 project, $2 job, $3 tick, $4 after which id, $5 limit. */
export const LIST_OF_RUN: Statement = {
  name: 'run_change_list_of_run',
  text: `
    WITH page AS (
      SELECT event.* FROM run_event event JOIN run ON run.id = event.run_id JOIN job ON job.id = run.job_id
      JOIN project ON project.id = job.project_id
      WHERE project.name = $1 AND job.name = $2 AND run.scheduled_at = $3 AND event.id > $4::bigint
      ORDER BY event.id LIMIT $5
    )
    SELECT ${toChangeSql('page')} ORDER BY page.id`,
};

/** $1 project, $2 job, $3 ticks, $4 message, $5 event. A row for each run that got it. A run that is changing is waited for: its state is told. */
export const REGISTER: Statement = {
  name: 'run_change_register',
  text: `
    WITH told AS MATERIALIZED (
      SELECT run.id, run.state FROM run JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id
      WHERE project.name = $1 AND job.name = $2 AND run.scheduled_at = ANY ($3::timestamptz[])
      ORDER BY run.id FOR SHARE OF run
    ), events AS (
      INSERT INTO run_event (run_id, state, message, event) SELECT id, state, $4, $5 FROM told RETURNING run_id
    )
    SELECT run_id, ${toNotifySql('run_changed', 'run_id')} FROM events`,
};
