import { type JobDeletion, OptimusError } from '@optimus/domain';
import { sql } from 'kysely';
import { toNotifySql } from '../change/change-notice.ts';
import type { StoreTransaction } from '../database/database.ts';
import { toUnfinishedSql } from '../run/run-state-sql.ts';
import type { ChangeInDatabase } from './apply-job-change.ts';

/** Takes jobs out of deployment; their rows, versions and history stay. Answers their ids. @throws OptimusError `JOB_NOT_FOUND` */
export async function deleteJobs(
  transaction: StoreTransaction,
  { projectId, namespaceIds, deletes, author }: ChangeInDatabase,
): Promise<readonly string[]> {
  if (deletes.length === 0) return [];
  const names = deletes.map(({ name }) => name);
  const namespaces = deletes.map(({ namespace }) => namespaceIds.get(namespace));
  const { rows } = await sql<{ id: string; name: string }>`
    WITH deleted AS (
      UPDATE job SET deleted_at = now(), updated_at = now()
      FROM unnest(${names}::text[], ${namespaces}::bigint[]) AS gone (name, namespace_id)
      WHERE job.project_id = ${projectId} AND job.namespace_id = gone.namespace_id
        AND job.name = gone.name AND job.deleted_at IS NULL
      RETURNING job.id, job.name, job.version_id
    ), noted AS (
      INSERT INTO job_deletion (version_id, job_id, deleted_at, deleted_by)
      SELECT version_id, id, now(), ${author} FROM deleted
    )
    SELECT id, name FROM deleted`.execute(transaction);
  const deleted = new Set(rows.map((row) => row.name));
  const absent = deletes.find(({ name }) => !deleted.has(name));
  if (absent !== undefined) throw absentError(absent);
  const ids = rows.map((row) => row.id);
  await sql`UPDATE job_schedule SET next_scheduled_at = NULL WHERE job_id = ANY(${ids}::bigint[])`.execute(
    transaction,
  );
  await cancelUnstartedRuns(transaction, ids);
  return ids;
}

async function cancelUnstartedRuns(transaction: StoreTransaction, jobIds: readonly string[]): Promise<void> {
  const message = 'the job was deleted';
  await sql`
    WITH canceled AS (
      UPDATE run SET state = 'canceled', is_held = false, finished_at = now(), message = ${message}
      WHERE job_id = ANY(${jobIds}::bigint[]) AND started_at IS NULL AND ${sql.raw(toUnfinishedSql('state'))}
      RETURNING id
    ), probes AS (
      DELETE FROM run_probe USING canceled WHERE run_probe.run_id = canceled.id
    ), instances AS (
      UPDATE run_instance SET state = 'canceled' FROM canceled WHERE run_instance.run_id = canceled.id
    ), events AS (
      INSERT INTO run_event (run_id, state, message) SELECT id, 'canceled', ${message} FROM canceled
    )
    SELECT ${sql.raw(toNotifySql('run_changed', 'id'))} FROM canceled`.execute(transaction);
}

function absentError({ namespace, name }: JobDeletion): OptimusError {
  return new OptimusError('JOB_NOT_FOUND', {
    message: `the job ${JSON.stringify(name)} to delete is not in namespace ${JSON.stringify(namespace)}`,
    hint: 'see which jobs there are with: optimus job list',
    fields: { namespace, job: name },
  });
}
