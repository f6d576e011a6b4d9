import { type EdgeKind, isWildcard, type JobEdge, type JobName, type ProjectName } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';

/** A reason to wait, as it is stored. */
export interface EdgeRow {
  readonly job_id: string;
  readonly project: ProjectName;
  readonly job: JobName;
  readonly kind: EdgeKind;
  /** What the author named; empty for an inferred edge. */
  readonly upstream_project: string;
  readonly upstream_job: string;
  readonly urn: string;
  readonly upstream_job_id: string | null;
  /** The job that it leads to; null while it is not resolved. */
  readonly found_project: string | null;
  readonly found_job: string | null;
  readonly found_destination: string | null;
}

/** Which edges a change may touch: those of its jobs, those that read what its jobs write, and those that name its jobs. */
export interface EdgeReach {
  readonly project: string;
  readonly jobIds: readonly string[];
  /** What its jobs write or wrote, and the wildcards that are read of it. */
  readonly urns: readonly string[];
  readonly names: readonly string[];
}

/** The edges within reach, each once. */
export async function listEdges(
  transaction: StoreTransaction,
  reach: EdgeReach,
): Promise<readonly EdgeRow[]> {
  const { rows } = await sql<EdgeRow>`
    WITH reached AS (
      SELECT * FROM job_dependency WHERE job_id = ANY(${reach.jobIds}::bigint[])
      UNION
      SELECT * FROM job_dependency WHERE kind = 'inferred' AND urn = ANY(${reach.urns}::text[])
      UNION
      SELECT * FROM job_dependency WHERE kind = 'static'
        AND upstream_project = ${reach.project} AND upstream_job = ANY(${reach.names}::text[])
    )
    SELECT reached.job_id, project.name AS project, job.name AS job, kind, upstream_project, upstream_job, urn,
      upstream_job_id, found_project.name AS found_project, found.name AS found_job, found.destination AS found_destination
    FROM reached JOIN job ON job.id = reached.job_id JOIN project ON project.id = job.project_id
      LEFT JOIN job found ON found.id = reached.upstream_job_id
      LEFT JOIN project found_project ON found_project.id = found.project_id
    ORDER BY project.name, job.name, kind, upstream_project, upstream_job, urn`.execute(transaction);
  return rows;
}

/** An edge in the terms of the domain. */
export function toEdge(row: EdgeRow): JobEdge {
  const isResolved = row.upstream_job_id !== null;
  const project = row.found_project ?? row.upstream_project;
  const job = row.found_job ?? row.upstream_job;
  return {
    project: row.project,
    job: row.job,
    kind: row.kind,
    urn: row.urn,
    ...(isWildcard(row.urn) && row.found_destination !== null && { written: row.found_destination }),
    upstream: job === '' ? undefined : { project: project as ProjectName, job: job as JobName },
    isResolved,
  };
}
