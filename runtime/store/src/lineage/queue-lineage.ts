import type { JobChangeOutcome } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';
import type { UpsertRow } from '../job/upsert-jobs.ts';
import { QUEUE_AGAIN } from './lineage-statements.ts';

/**
 * Has lineage computed for the stored jobs, and for those whose edges changed without them: what they read may have other columns now.
 * One statement, whatever the change.
 */
export async function queueLineage(
  transaction: StoreTransaction,
  upserted: readonly UpsertRow[],
  { gained, lost }: Pick<JobChangeOutcome, 'gained' | 'lost'>,
): Promise<void> {
  const stored = new Set<string>(upserted.map(({ name }) => name));
  const others = [...gained, ...lost].filter(({ kind, job }) => kind === 'inferred' && !stored.has(job));
  if (upserted.length + others.length === 0) return;
  await sql`
    INSERT INTO lineage_queue (version_id)
    SELECT job.version_id FROM job WHERE job.id = ANY(${upserted.map(({ id }) => id)}::bigint[])
    UNION
    SELECT job.version_id
    FROM unnest(${others.map(({ project }) => project)}::text[], ${others.map(({ job }) => job)}::text[]) AS reader (project, name)
    JOIN project ON project.name = reader.project
    JOIN job ON job.project_id = project.id AND job.name = reader.name
    WHERE job.deleted_at IS NULL
    ${sql.raw(QUEUE_AGAIN)}`.execute(transaction);
}
