import type { ApplyOptions, JobChangeOutcome, JobSpec, ProjectName } from '@optimus/domain';
import { listStaticUpstreams } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';
import type { ChangeInDatabase, StoredJob } from './apply-job-change.ts';
import { type EdgeReach, type EdgeRow, listEdges, toEdge } from './edge-row.ts';
import { findBrokenEdges } from './find-broken-edges.ts';
import { findSharedDestinations } from './find-shared-destinations.ts';
import { findWildcards, resolveWildcards } from './resolve-wildcards.ts';
import { settleLevels } from './settle-levels.ts';
import type { UpsertRow } from './upsert-jobs.ts';

/** Edges sent to the database in one statement. */
const BATCH = 5000;

/** A change whose jobs are stored and whose edges are not yet. */
export interface StoredChange {
  readonly stored: readonly StoredJob[];
  /** The reach before the change, and the edges within. */
  readonly reach: EdgeReach;
  readonly before: readonly EdgeRow[];
  readonly upserted: readonly UpsertRow[];
  readonly deletedIds: readonly string[];
  readonly options: ApplyOptions;
}

/** The edges that a change may touch, as far as they are stored. */
export async function readReach(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
  stored: readonly StoredJob[],
): Promise<EdgeReach> {
  const written = change.upserts.map(({ resources }) => resources.destination);
  const given = [...written, ...stored.map(({ destination }) => destination)];
  const urns = [...new Set(given.filter((urn) => urn !== undefined && urn !== null))];
  return {
    project: change.project,
    jobIds: stored.map(({ id }) => id),
    urns: [...urns, ...(await findWildcards(transaction, urns))],
    names: [...change.upserts.map(({ spec }) => spec.name), ...change.deletes.map(({ name }) => name)],
  };
}

/** Stores the edges of the changed jobs, resolves every edge within reach anew, and says what that changed or makes impossible. */
export async function resolveEdges(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
  { stored, reach: reachBefore, before, upserted, deletedIds, options }: StoredChange,
): Promise<Omit<JobChangeOutcome, 'revision' | 'revisionBefore'>> {
  const ids = upserted.map(({ id }) => id);
  const reach = { ...reachBefore, jobIds: [...new Set([...reachBefore.jobIds, ...ids])] };
  await replaceEdges(transaction, change, { upserted, deletedIds });
  await resolve(transaction, reach);
  await resolveWildcards(transaction, reach);
  const after = await listEdges(transaction, reach);
  const { gained, lost } = compare(before, after);
  const broken = await findBrokenEdges(transaction, change, {
    stored,
    after,
    deletedIds,
    isForced: options.isForced ?? false,
  });
  const moved = [...gained, ...lost].map((edge) => edge.job_id);
  const changedIds = new Set(ids);
  const levels = await settleLevels(transaction, {
    ids: [...new Set([...ids, ...moved])].filter((id) => !deletedIds.includes(id)),
    isNamed: options.isDryRun ?? false,
    changedIds,
  });
  return {
    refused: [...broken, ...levels.refused],
    gained: gained.map(toEdge),
    lost: lost.map(toEdge),
    downstream: levels.downstream,
    shared: await findSharedDestinations(transaction, change.upserts),
  };
}

interface StoredIds {
  readonly upserted: readonly UpsertRow[];
  readonly deletedIds: readonly string[];
}

async function replaceEdges(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
  { upserted, deletedIds }: StoredIds,
): Promise<void> {
  const ids = new Map(upserted.map(({ id, name }) => [name, id]));
  await sql`DELETE FROM job_dependency WHERE job_id = ANY(${[...ids.values(), ...deletedIds]}::bigint[])`.execute(
    transaction,
  );
  const edges = change.upserts.flatMap(({ spec, resources }) => {
    const jobId = ids.get(spec.name);
    return [...toStatic(change.project, spec), ...resources.sources.map(toInferred)].map((edge) => ({
      jobId,
      ...edge,
    }));
  });
  for (let start = 0; start < edges.length; start += BATCH) {
    const rows = edges.slice(start, start + BATCH);
    await sql`
      INSERT INTO job_dependency (job_id, kind, upstream_project, upstream_job, urn)
      SELECT * FROM unnest(${rows.map((row) => row.jobId)}::bigint[], ${rows.map((row) => row.kind)}::text[],
        ${rows.map((row) => row.project)}::text[], ${rows.map((row) => row.job)}::text[], ${rows.map((row) => row.urn)}::text[])
      ON CONFLICT DO NOTHING`.execute(transaction);
  }
}

function toStatic(project: ProjectName, spec: JobSpec) {
  return listStaticUpstreams(project, spec).map((upstream) => ({ kind: 'static', urn: '', ...upstream }));
}

function toInferred(urn: string) {
  return { kind: 'inferred', project: '', job: '', urn };
}

/**
 * Leads each edge within reach to its job: a static one to the job of that name, an inferred one to the job that writes the
 * resource, of several one of the own project, of several of those the one that was there first. Wildcards are left as they are.
 */
async function resolve(transaction: StoreTransaction, reach: EdgeReach): Promise<void> {
  await sql`
    WITH reached AS (
      SELECT job_id, kind, upstream_project, upstream_job, urn FROM job_dependency WHERE job_id = ANY(${reach.jobIds}::bigint[])
      UNION
      SELECT job_id, kind, upstream_project, upstream_job, urn FROM job_dependency
      WHERE kind = 'inferred' AND urn = ANY(${reach.urns}::text[])
      UNION
      SELECT job_id, kind, upstream_project, upstream_job, urn FROM job_dependency
      WHERE kind = 'static' AND upstream_project = ${reach.project} AND upstream_job = ANY(${reach.names}::text[])
    ), found AS (
      SELECT reached.*, coalesce(named.id, writer.id) AS found_id
      FROM reached JOIN job waiting ON waiting.id = reached.job_id
        LEFT JOIN project ON reached.kind = 'static' AND project.name = reached.upstream_project
        LEFT JOIN job named ON reached.kind = 'static' AND named.project_id = project.id
          AND named.name = reached.upstream_job AND named.deleted_at IS NULL
        LEFT JOIN LATERAL (
          SELECT id FROM job WHERE reached.kind = 'inferred' AND job.destination = reached.urn
            AND job.deleted_at IS NULL AND job.id <> waiting.id
          ORDER BY job.project_id <> waiting.project_id, job.id LIMIT 1
        ) writer ON true
      WHERE right(reached.urn, 1) <> '*'
    )
    UPDATE job_dependency SET upstream_job_id = found.found_id FROM found
    WHERE job_dependency.job_id = found.job_id AND job_dependency.kind = found.kind
      AND job_dependency.upstream_project = found.upstream_project AND job_dependency.upstream_job = found.upstream_job
      AND job_dependency.urn = found.urn AND job_dependency.upstream_job_id IS DISTINCT FROM found.found_id`.execute(
    transaction,
  );
}

function compare(before: readonly EdgeRow[], after: readonly EdgeRow[]) {
  const had = new Set(before.map(toIdentity));
  const has = new Set(after.map(toIdentity));
  return {
    gained: after.filter((row) => !had.has(toIdentity(row))),
    lost: before.filter((row) => !has.has(toIdentity(row))),
  };
}

function toIdentity(row: EdgeRow): string {
  const {
    job_id: id,
    kind,
    upstream_project: project,
    upstream_job: job,
    urn,
    upstream_job_id: upstream,
  } = row;
  return JSON.stringify([id, kind, project, job, urn, upstream]);
}
