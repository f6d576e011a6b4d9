import type { JobUpsert } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';
import type { ChangeInDatabase } from './apply-job-change.ts';
import { toAssetLinks } from './asset-writer.ts';

/** Specifications sent to the database in one statement. */
const BATCH = 500;

/** A job that was stored. */
export interface UpsertRow {
  readonly id: string;
  readonly name: string;
}

/** Stores the specifications as the newest versions of their jobs; one that has not changed gets no new version. */
export async function upsertJobs(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
): Promise<readonly UpsertRow[]> {
  const stored: UpsertRow[] = [];
  for (let start = 0; start < change.upserts.length; start += BATCH) {
    const upserts = change.upserts.slice(start, start + BATCH);
    stored.push(...(await upsertBatch(transaction, { ...change, upserts })));
  }
  return stored;
}

async function upsertBatch(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
): Promise<readonly UpsertRow[]> {
  const rows = JSON.stringify(change.upserts.map((upsert) => toUpsertRow(upsert, change.namespaceIds)));
  await sql`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS w (name text, namespace_id bigint, content_hash text,
        spec jsonb, instances jsonb, assets jsonb, destination text, next_scheduled_at timestamptz)
    ), jobs AS (
      INSERT INTO job (project_id, namespace_id, name, destination)
      SELECT ${change.projectId}::bigint, namespace_id, name, destination FROM wanted ORDER BY name
      ON CONFLICT (project_id, name) DO UPDATE
        SET namespace_id = excluded.namespace_id, destination = excluded.destination, deleted_at = NULL, updated_at = now()
      RETURNING id, name, version_id
    ), changed AS (
      SELECT jobs.id AS job_id, coalesce(newest.number, 0) + 1 AS number, wanted.*
      FROM wanted JOIN jobs USING (name) LEFT JOIN job_version newest ON newest.id = jobs.version_id
      WHERE newest.content_hash IS DISTINCT FROM wanted.content_hash
    ), versions AS (
      INSERT INTO job_version (job_id, number, content_hash, spec, instances, author)
      SELECT job_id, number, content_hash, spec, instances, ${change.author} FROM changed
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
  return pointToNewestVersions(transaction, change);
}

/** A statement sees no row that it inserts itself, so the jobs are pointed to their new versions by one of its own; those that were deleted are so no longer. */
async function pointToNewestVersions(
  transaction: StoreTransaction,
  { projectId, upserts, author }: ChangeInDatabase,
): Promise<readonly UpsertRow[]> {
  const names = upserts.map((upsert) => upsert.spec.name);
  const { rows } = await sql<UpsertRow>`
    WITH pointed AS (
      UPDATE job SET version_id = newest.id
      FROM job AS same CROSS JOIN LATERAL (
        SELECT id FROM job_version WHERE job_id = same.id ORDER BY number DESC LIMIT 1
      ) newest
      WHERE job.id = same.id AND same.project_id = ${projectId} AND same.name = ANY(${names}::text[])
      RETURNING job.id, job.name
    ), restored AS (
      UPDATE job_deletion SET restored_at = now(), restored_by = ${author}
      FROM pointed WHERE job_deletion.job_id = pointed.id AND job_deletion.restored_at IS NULL
    )
    SELECT id, name FROM pointed`.execute(transaction);
  return rows;
}

function toUpsertRow(
  { namespace, spec, contentHash, instances, resources, nextScheduledAt }: JobUpsert,
  namespaceIds: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const { assets: _, ...stored } = spec;
  return {
    name: spec.name,
    namespace_id: namespaceIds.get(namespace),
    content_hash: contentHash,
    spec: stored,
    instances: instances ?? null,
    assets: toAssetLinks(spec),
    destination: resources.destination ?? null,
    next_scheduled_at: nextScheduledAt ?? null,
  };
}
