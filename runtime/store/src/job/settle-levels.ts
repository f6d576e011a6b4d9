import {
  type JobName,
  type NamespaceName,
  type NeededJob,
  orderJobs,
  type ProjectName,
  type RefusedJob,
} from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';

/** Jobs whose edges changed. */
interface ChangedJobs {
  readonly ids: readonly string[];
  /** The jobs that were stored: the others are downstream of them. */
  readonly changedIds: ReadonlySet<string>;
  /** Whether the jobs downstream are asked for. */
  readonly isNamed: boolean;
}

/** Jobs on a circle, and the jobs that wait for the changed ones. */
export interface SettledLevels {
  readonly refused: readonly RefusedJob[];
  readonly downstream: readonly NeededJob[];
}

interface ReachedRow {
  readonly id: string;
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
  readonly name: JobName;
  readonly level: number;
}

/** Computes the levels of the jobs and of all that wait for them; a circle through a changed edge is among those. */
export async function settleLevels(
  transaction: StoreTransaction,
  changed: ChangedJobs,
): Promise<SettledLevels> {
  const reached = await listReached(transaction, changed.ids);
  const edges = await listUpstreams(transaction, changed.ids);
  const upstreams = new Map<string, string[]>([...reached.keys()].map((id) => [id, []]));
  const outside = new Map<string, number>();
  for (const { id, upstream, level } of edges) {
    upstreams.get(id)?.push(upstream);
    outside.set(upstream, level);
  }
  const { levels, circles } = orderJobs({ upstreams, levelOf: (id) => outside.get(id) ?? 0 });
  await storeLevels(
    transaction,
    [...levels].filter(([id, level]) => reached.get(id)?.level !== level),
  );
  const downstream = changed.isNamed
    ? [...reached.values()].filter(({ id }) => !changed.changedIds.has(id))
    : [];
  return {
    refused: circles.flatMap((circle) => toRefused(startAtChanged(circle, changed), reached)),
    downstream: downstream.map(({ project, namespace, name: job }) => ({ project, namespace, job })),
  };
}

async function listReached(
  transaction: StoreTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReachedRow>> {
  const { rows } = await sql<ReachedRow>`
    WITH RECURSIVE ${DOWN(ids)}
    SELECT job.id, project.name AS project, namespace.name AS namespace, job.name, job.level
    FROM down JOIN job USING (id) JOIN project ON project.id = job.project_id JOIN namespace ON namespace.id = job.namespace_id
    ORDER BY project.name, job.name`.execute(transaction);
  return new Map(rows.map((row) => [row.id, row]));
}

async function listUpstreams(transaction: StoreTransaction, ids: readonly string[]) {
  const { rows } = await sql<{ id: string; upstream: string; level: number }>`
    WITH RECURSIVE ${DOWN(ids)}
    SELECT DISTINCT down.id, edge.upstream_job_id AS upstream, job.level
    FROM down JOIN job_dependency edge ON edge.job_id = down.id JOIN job ON job.id = edge.upstream_job_id`.execute(
    transaction,
  );
  return rows;
}

/** The jobs and all that wait for them, directly or not. */
const DOWN = (ids: readonly string[]) => sql`down (id) AS (
  SELECT unnest(${ids}::bigint[])
  UNION
  SELECT edge.job_id FROM down JOIN job_dependency edge ON edge.upstream_job_id = down.id
)`;

async function storeLevels(
  transaction: StoreTransaction,
  levels: ReadonlyArray<readonly [string, number]>,
): Promise<void> {
  if (levels.length === 0) return;
  await sql`
    UPDATE job SET level = settled.level
    FROM unnest(${levels.map(([id]) => id)}::bigint[], ${levels.map(([, level]) => level)}::integer[]) AS settled (id, level)
    WHERE job.id = settled.id`.execute(transaction);
}

/** The same circle from a changed job on, which made it one. */
function startAtChanged(circle: readonly string[], { changedIds }: ChangedJobs): readonly string[] {
  const jobs = circle.slice(1);
  const start = Math.max(
    0,
    jobs.findIndex((id) => changedIds.has(id)),
  );
  return [...jobs.slice(start), ...jobs.slice(0, start + 1)];
}

/** A circle of more jobs is shown whole by its first one alone: by each, ten thousand jobs would be a hundred million names. */
const MOST_NAMES = 20;

/** The circle is told with each of its jobs: taking any of them out of the change may break it. */
function toRefused(
  circle: readonly string[],
  reached: ReadonlyMap<string, ReachedRow>,
): readonly RefusedJob[] {
  const rows = circle.flatMap((id) => reached.get(id) ?? []);
  const isOneProject = new Set(rows.map(({ project }) => project)).size === 1;
  const shown = rows.map(({ project, name }) => (isOneProject ? name : `${project}/${name}`));
  const whole = `make jobs wait for each other: ${shown.join(' → ')}`;
  const short = `make jobs wait for each other, in the circle of ${shown.length - 1} jobs that ${shown[0]} tells`;
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name, index) => ({
    name,
    problems: [{ path: 'dependencies', message: index === 0 || names.length <= MOST_NAMES ? whole : short }],
  }));
}
