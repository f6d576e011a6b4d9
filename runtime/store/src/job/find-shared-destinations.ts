import type { JobUpsert, SharedDestination } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';

/** What changed jobs write and others do, too, as it is now: by the index of destinations, whatever else is stored. */
export async function findSharedDestinations(
  transaction: StoreTransaction,
  upserts: readonly JobUpsert[],
): Promise<readonly SharedDestination[]> {
  const urns = new Set(upserts.flatMap(({ resources }) => resources.destination ?? []));
  if (urns.size === 0) return [];
  const { rows } = await sql<SharedDestination>`
    SELECT destination AS urn, count(*)::int AS count,
      (array_agg(project.name || '/' || job.name ORDER BY project.name, job.name))[1:5] AS writers
    FROM job JOIN project ON project.id = job.project_id
    WHERE destination = ANY(${[...urns]}::text[]) AND job.deleted_at IS NULL
    GROUP BY destination HAVING count(*) > 1 ORDER BY destination`.execute(transaction);
  return rows;
}
