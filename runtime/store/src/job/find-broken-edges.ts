import { isResourceMatch, type RefusedJob, toSuggestion } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';
import type { ChangeInDatabase, StoredJob } from './apply-job-change.ts';
import type { EdgeRow } from './edge-row.ts';

/** The edges after a change, and what it deleted. */
interface ChangedEdges {
  readonly stored: readonly StoredJob[];
  readonly after: readonly EdgeRow[];
  readonly deletedIds: readonly string[];
  readonly isForced: boolean;
}

/** Jobs that wait for a name which is no job of their project, and deleted jobs that others need. */
export async function findBrokenEdges(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
  edges: ChangedEdges,
): Promise<readonly RefusedJob[]> {
  const needed = edges.isForced ? [] : findNeeded(edges);
  return [...(await findUnknown(transaction, change, edges)), ...needed];
}

async function findUnknown(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
  { after }: ChangedEdges,
): Promise<readonly RefusedJob[]> {
  const changed = new Set<string>(change.upserts.map(({ spec }) => spec.name));
  const pending = new Set<string>(change.pending);
  const unknown = after.filter(
    (row) =>
      row.kind === 'static' &&
      row.upstream_job_id === null &&
      row.project === change.project &&
      row.upstream_project === change.project &&
      changed.has(row.job) &&
      !pending.has(row.upstream_job),
  );
  if (unknown.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM job WHERE project_id = ${change.projectId} AND deleted_at IS NULL`.execute(transaction);
  const names = rows.map(({ name }) => name);
  return [...Map.groupBy(unknown, (row) => row.job)].map(([name, missing]) => ({
    name,
    problems: missing.map(({ upstream_job: job }) => ({
      path: 'dependencies',
      message: `"${job}" is no job of project "${change.project}"${toSuggestion(job, names)}`,
    })),
  }));
}

/** A deleted job is needed when an edge of a job that stays names it, or reads what it alone wrote. */
function findNeeded({ stored, after, deletedIds }: ChangedEdges): readonly RefusedJob[] {
  const gone = new Set(deletedIds);
  const open = after.filter((row) => row.upstream_job_id === null && !gone.has(row.job_id));
  return stored.flatMap(({ id, name, destination }) => {
    if (!gone.has(id)) return [];
    const needing = open.filter(
      (row) => row.upstream_job === name || (destination !== null && isResourceMatch(row.urn, destination)),
    );
    const names = [...new Set(needing.map(({ project, job }) => `${project}/${job}`))];
    if (names.length === 0) return [];
    return [{ name, problems: [{ path: 'deletion', message: `is refused: ${toList(names)} need it` }] }];
  });
}

const MOST_NAMES = 10;

function toList(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ');
}
