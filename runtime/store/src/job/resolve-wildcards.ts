import { listWildcards } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';
import type { EdgeReach } from './edge-row.ts';

/** The wildcards that stored jobs read and that tables of these names are among: one probe of a small index for each way in which the names begin. */
export async function findWildcards(
  transaction: StoreTransaction,
  urns: readonly string[],
): Promise<readonly string[]> {
  const wildcards = listWildcards(urns);
  if (wildcards.length === 0) return [];
  const { rows } = await sql<{ urn: string }>`
    SELECT DISTINCT urn FROM job_dependency
    WHERE kind = 'inferred' AND right(urn, 1) = '*' AND urn = ANY(${wildcards}::text[])`.execute(transaction);
  return rows.map(({ urn }) => urn);
}

/** Which jobs write a table of `wildcard`: the last character that there is bounds the names that begin alike. */
const WRITES_OF_WILDCARD = sql`job.destination >= left(wildcard.urn, -1) AND job.destination <= left(wildcard.urn, -1) || chr(1114111)
  AND job.destination IS NOT NULL AND job.deleted_at IS NULL AND job.id <> wildcard.job_id`;

/**
 * Leads each wildcard within reach to every job that writes one of its tables, of any project: an edge each, named after its job,
 * and one that leads nowhere while there is none. Each edge is looked at by itself: the tables of a first deployment have no
 * statistics, and comparing sets would compare all with all.
 */
export async function resolveWildcards(transaction: StoreTransaction, reach: EdgeReach): Promise<void> {
  await sql`
    WITH wildcard AS MATERIALIZED (
      SELECT job_id, urn FROM job_dependency
      WHERE job_id = ANY(${reach.jobIds}::bigint[]) AND kind = 'inferred' AND right(urn, 1) = '*'
      UNION
      SELECT job_id, urn FROM job_dependency
      WHERE urn = ANY(${reach.urns}::text[]) AND kind = 'inferred' AND right(urn, 1) = '*'
    ), gone AS (
      DELETE FROM job_dependency edge USING wildcard
      WHERE edge.job_id = wildcard.job_id AND edge.urn = wildcard.urn AND edge.kind = 'inferred'
        AND CASE WHEN edge.upstream_job_id IS NULL THEN EXISTS (SELECT FROM job WHERE ${WRITES_OF_WILDCARD})
          ELSE NOT EXISTS (SELECT FROM job WHERE job.id = edge.upstream_job_id AND ${WRITES_OF_WILDCARD}) END
    )
    INSERT INTO job_dependency (job_id, kind, upstream_project, upstream_job, urn, upstream_job_id)
    SELECT wildcard.job_id, 'inferred', coalesce(writer.project, ''), coalesce(writer.name, ''), wildcard.urn, writer.id
    FROM wildcard LEFT JOIN LATERAL (
      SELECT job.id, project.name AS project, job.name FROM job JOIN project ON project.id = job.project_id
      WHERE ${WRITES_OF_WILDCARD}
    ) writer ON true
    ON CONFLICT DO NOTHING`.execute(transaction);
}
