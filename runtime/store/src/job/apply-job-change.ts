import { type JobChangeSet, type JobName, type JobUpsert, OptimusError } from '@optimus/domain';
import { sql } from 'kysely';
import { toNotifySql } from '../change/change-notice.ts';
import type { StoreTransaction } from '../database/database.ts';
import { getNamespaceId, getProjectId } from '../project/tenant-id.ts';
import { toAssetLinks, writeAssets } from './asset-writer.ts';

/** Specifications sent to the database in one statement. */
const BATCH = 500;

interface Tenant {
  readonly projectId: string;
  readonly namespaceId: string;
}

/**
 * Applies a change of a namespace's jobs within a transaction: a number of statements that grows with the change's size in
 * batches of {@link BATCH}, never with the number of stored jobs.
 */
export async function applyJobChange(transaction: StoreTransaction, change: JobChangeSet): Promise<void> {
  await sql`SET LOCAL statement_timeout = 0`.execute(transaction);
  const projectId = await getProjectId(transaction, change.project);
  const tenant = { projectId, namespaceId: await getNamespaceId(transaction, projectId, change) };
  // Deploys of one project take turns; registering and reading the project go on.
  await sql`SELECT FROM project WHERE id = ${projectId} FOR NO KEY UPDATE`.execute(transaction);
  await assertNamesFree(transaction, tenant, change);
  await deleteJobs(transaction, tenant, change.deletes);
  await writeAssets(
    transaction,
    change.upserts.map((upsert) => upsert.spec),
  );
  for (let start = 0; start < change.upserts.length; start += BATCH) {
    await upsertJobs(transaction, {
      ...tenant,
      author: change.author,
      upserts: change.upserts.slice(start, start + BATCH),
    });
  }
  await sql`SELECT ${sql.raw(toNotifySql('schedule_changed', `name`))} FROM project WHERE id = ${projectId}`.execute(
    transaction,
  );
}

async function assertNamesFree(
  transaction: StoreTransaction,
  tenant: Tenant,
  change: JobChangeSet,
): Promise<void> {
  const names = change.upserts.map((upsert) => upsert.spec.name);
  const { rows } = await sql<{ name: string; owner: string }>`
    SELECT job.name, namespace.name AS owner FROM job JOIN namespace ON namespace.id = job.namespace_id
    WHERE job.project_id = ${tenant.projectId} AND job.name = ANY(${names}::text[])
      AND job.deleted_at IS NULL AND job.namespace_id <> ${tenant.namespaceId}
    ORDER BY job.name LIMIT 1`.execute(transaction);
  const [taken] = rows;
  if (!taken) return;
  throw new OptimusError('JOB_NAME_TAKEN', {
    message: `the job name ${JSON.stringify(taken.name)} is taken by namespace ${JSON.stringify(taken.owner)} of project ${JSON.stringify(change.project)}`,
    hint: 'names are unique within a project: rename the job, or delete the other one first',
    fields: { project: change.project, namespace: taken.owner, job: taken.name },
  });
}

async function deleteJobs(
  transaction: StoreTransaction,
  tenant: Tenant,
  names: readonly JobName[],
): Promise<void> {
  if (names.length === 0) return;
  const { rows } = await sql<{ id: string; name: string }>`
    UPDATE job SET deleted_at = now(), updated_at = now()
    WHERE project_id = ${tenant.projectId} AND namespace_id = ${tenant.namespaceId}
      AND name = ANY(${names}::text[]) AND deleted_at IS NULL
    RETURNING id, name`.execute(transaction);
  const deleted = new Set(rows.map((row) => row.name));
  const absent = names.find((name) => !deleted.has(name));
  if (absent !== undefined) throw absentError(absent);
  const ids = rows.map((row) => row.id);
  await sql`UPDATE job_schedule SET next_scheduled_at = NULL WHERE job_id = ANY(${ids}::bigint[])`.execute(
    transaction,
  );
  await cancelUnstartedRuns(transaction, ids);
}

async function cancelUnstartedRuns(transaction: StoreTransaction, jobIds: readonly string[]): Promise<void> {
  const message = 'the job was deleted';
  await sql`
    WITH canceled AS (
      UPDATE run SET state = 'canceled', finished_at = now(), message = ${message}
      WHERE job_id = ANY(${jobIds}::bigint[]) AND started_at IS NULL AND state NOT IN ('success', 'failed', 'canceled')
      RETURNING id
    ), instances AS (
      UPDATE run_instance SET state = 'canceled' FROM canceled WHERE run_instance.run_id = canceled.id
    ), events AS (
      INSERT INTO run_event (run_id, state, message) SELECT id, 'canceled', ${message} FROM canceled
    )
    SELECT ${sql.raw(toNotifySql('run_changed', 'id'))} FROM canceled`.execute(transaction);
}

interface UpsertBatch extends Tenant {
  readonly author: string;
  readonly upserts: readonly JobUpsert[];
}

async function upsertJobs(transaction: StoreTransaction, batch: UpsertBatch): Promise<void> {
  const rows = JSON.stringify(batch.upserts.map(toUpsertRow));
  await sql`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS w (name text, content_hash text, spec jsonb, instances jsonb, assets jsonb, next_scheduled_at timestamptz)
    ), jobs AS (
      INSERT INTO job (project_id, namespace_id, name)
      SELECT ${batch.projectId}::bigint, ${batch.namespaceId}::bigint, name FROM wanted ORDER BY name
      ON CONFLICT (project_id, name) DO UPDATE
        SET namespace_id = excluded.namespace_id, deleted_at = NULL, updated_at = now()
      RETURNING id, name, version_id
    ), changed AS (
      SELECT jobs.id AS job_id, coalesce(newest.number, 0) + 1 AS number, wanted.*
      FROM wanted JOIN jobs USING (name) LEFT JOIN job_version newest ON newest.id = jobs.version_id
      WHERE newest.content_hash IS DISTINCT FROM wanted.content_hash
    ), versions AS (
      INSERT INTO job_version (job_id, number, content_hash, spec, instances, author)
      SELECT job_id, number, content_hash, spec, instances, ${batch.author} FROM changed
      RETURNING id, job_id
    ), assets AS (
      INSERT INTO job_version_asset (version_id, name, asset_hash)
      SELECT versions.id, asset.name, decode(asset.hash, 'hex')
      FROM versions JOIN changed USING (job_id)
        CROSS JOIN LATERAL jsonb_to_recordset(changed.assets) AS asset (name text, hash text)
    )
    INSERT INTO job_schedule (job_id, next_scheduled_at)
    SELECT jobs.id, wanted.next_scheduled_at FROM wanted JOIN jobs USING (name)
    ON CONFLICT (job_id) DO UPDATE SET next_scheduled_at = excluded.next_scheduled_at`.execute(transaction);
  await pointToNewestVersions(transaction, batch);
}

/** A statement sees no row that it inserts itself, so the jobs are pointed to their new versions by one of its own. */
async function pointToNewestVersions(
  transaction: StoreTransaction,
  { projectId, upserts }: UpsertBatch,
): Promise<void> {
  const names = upserts.map((upsert) => upsert.spec.name);
  await sql`
    UPDATE job SET version_id = newest.id
    FROM job AS same CROSS JOIN LATERAL (
      SELECT id FROM job_version WHERE job_id = same.id ORDER BY number DESC LIMIT 1
    ) newest
    WHERE job.id = same.id AND job.version_id IS DISTINCT FROM newest.id
      AND same.project_id = ${projectId} AND same.name = ANY(${names}::text[])`.execute(transaction);
}

function toUpsertRow({
  spec,
  contentHash,
  instances,
  nextScheduledAt,
}: JobUpsert): Readonly<Record<string, unknown>> {
  const { assets: _, ...stored } = spec;
  return {
    name: spec.name,
    content_hash: contentHash,
    spec: stored,
    instances: instances ?? null,
    assets: toAssetLinks(spec),
    next_scheduled_at: nextScheduledAt ?? null,
  };
}

function absentError(name: JobName): OptimusError {
  return new OptimusError('JOB_NOT_FOUND', {
    message: `the job ${JSON.stringify(name)} to delete is not in this namespace`,
    hint: 'see which jobs there are with: optimus job list',
    fields: { job: name },
  });
}
