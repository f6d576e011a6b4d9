import {
  type ApplyOptions,
  type JobChangeOutcome,
  type JobChangeSet,
  type JobName,
  OptimusError,
} from '@optimus/domain';
import { sql } from 'kysely';
import { toNotifySql } from '../change/change-notice.ts';
import type { StoreTransaction } from '../database/database.ts';
import { queueLineage } from '../lineage/queue-lineage.ts';
import { saveNamespace } from '../project/namespace-store.ts';
import { saveProject } from '../project/project-store.ts';
import { getNamespaceId, getProjectId } from '../project/tenant-id.ts';
import { writeAssets } from './asset-writer.ts';
import { deleteJobs } from './delete-jobs.ts';
import { listEdges } from './edge-row.ts';
import { readReach, resolveEdges } from './resolve-edges.ts';
import { upsertJobs } from './upsert-jobs.ts';

/** The advisory lock under which changes of jobs take turns; any number that nothing else in the database uses. */
const CHANGE_LOCK = 7_136_401;

/** A change in the terms of the database. */
export interface ChangeInDatabase extends JobChangeSet {
  readonly projectId: string;
  /** Ids of the namespaces of its upserts and deletes, by name. */
  readonly namespaceIds: ReadonlyMap<string, string>;
}

/** A deployed job that the change names, as it was before. */
export interface StoredJob {
  readonly id: string;
  readonly name: JobName;
  readonly destination: string | null;
  readonly owner: string;
  readonly content_hash: string;
}

/**
 * Applies a change of a project's jobs within a transaction: a number of statements that grows with the change's size in
 * batches, never with the number of stored jobs. When the outcome refuses a job, the caller rolls back.
 */
export async function applyJobChange(
  transaction: StoreTransaction,
  change: JobChangeSet,
  options: ApplyOptions,
): Promise<JobChangeOutcome> {
  await sql`SET LOCAL statement_timeout = 0`.execute(transaction);
  // Edges cross projects: of two changes that see nothing of each other, one would leave the other's edges unresolved for ever.
  await sql`SELECT pg_advisory_xact_lock(${CHANGE_LOCK})`.execute(transaction);
  if (change.registration) await register(transaction, change.registration);
  const projectId = await getProjectId(transaction, change.project);
  // Deploys of one project take turns; registering and reading the project go on.
  const { rows } = await sql<{ job_revision: string }>`
    SELECT job_revision FROM project WHERE id = ${projectId} FOR NO KEY UPDATE`.execute(transaction);
  const revisionBefore = rows[0]?.job_revision ?? '0';
  if (change.upserts.length + change.deletes.length === 0) return toUnchanged(revisionBefore);
  const full = { ...change, projectId, namespaceIds: await getNamespaceIds(transaction, projectId, change) };
  const stored = await getUnchanged(transaction, full);
  const reach = await readReach(transaction, full, stored);
  const before = await listEdges(transaction, reach);
  const deletedIds = await deleteJobs(transaction, full);
  await writeAssets(
    transaction,
    change.upserts.map((upsert) => upsert.spec),
  );
  const upserted = await upsertJobs(transaction, full);
  const edges = await resolveEdges(transaction, full, {
    stored,
    reach,
    before,
    upserted,
    deletedIds,
    options,
  });
  await queueLineage(transaction, upserted, edges);
  return { ...edges, revisionBefore, revision: await announce(transaction, projectId) };
}

async function register(
  transaction: StoreTransaction,
  { project, namespaces }: NonNullable<JobChangeSet['registration']>,
): Promise<void> {
  await saveProject(transaction, project);
  for (const namespace of namespaces) await saveNamespace(transaction, namespace);
}

const NOTHING = { refused: [], gained: [], lost: [], downstream: [], shared: [] };

function toUnchanged(revision: string): JobChangeOutcome {
  return { ...NOTHING, revision, revisionBefore: revision };
}

async function getNamespaceIds(
  transaction: StoreTransaction,
  projectId: string,
  { project, upserts, deletes }: JobChangeSet,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { namespace } of [...upserts, ...deletes]) {
    if (!ids.has(namespace))
      ids.set(namespace, await getNamespaceId(transaction, projectId, { project, namespace }));
  }
  return ids;
}

/** The jobs of the change as they are stored. @throws OptimusError when one differs from what the change was planned upon, or belongs to another namespace */
async function getUnchanged(
  transaction: StoreTransaction,
  change: ChangeInDatabase,
): Promise<readonly StoredJob[]> {
  const named = [...change.upserts.map(({ spec }) => spec.name), ...change.deletes.map(({ name }) => name)];
  const names = new Set([...named, ...(change.basis?.keys() ?? [])]);
  const { rows } = await sql<StoredJob>`
    SELECT job.id, job.name, job.destination, namespace.name AS owner, job_version.content_hash
    FROM job JOIN namespace ON namespace.id = job.namespace_id JOIN job_version ON job_version.id = job.version_id
    WHERE job.project_id = ${change.projectId} AND job.name = ANY(${[...names]}::text[]) AND job.deleted_at IS NULL
    ORDER BY job.name`.execute(transaction);
  const stored = new Map(rows.map((row) => [row.name, row]));
  for (const [name, hash] of change.basis ?? []) {
    if (stored.get(name)?.content_hash !== hash) throw conflictError(change.project, name);
  }
  for (const { spec, namespace, movedFrom } of change.upserts) {
    const owner = stored.get(spec.name)?.owner;
    if (owner !== undefined && owner !== namespace && owner !== movedFrom)
      throw takenError(change.project, spec.name, owner);
  }
  return rows;
}

function conflictError(project: string, name: JobName): OptimusError {
  return new OptimusError('VERSION_CONFLICT', {
    message: `the job ${JSON.stringify(name)} of project ${JSON.stringify(project)} was changed by somebody else meanwhile`,
    hint: 'plan the change again',
    fields: { project, job: name },
  });
}

function takenError(project: string, name: JobName, owner: string): OptimusError {
  return new OptimusError('JOB_NAME_TAKEN', {
    message: `the job name ${JSON.stringify(name)} is taken by namespace ${JSON.stringify(owner)} of project ${JSON.stringify(project)}`,
    hint: 'names are unique within a project: rename the job, or delete the other one first',
    fields: { project, namespace: owner, job: name },
  });
}

/**
 * Tells the schedulers of the change, and answers the new revision. It grows with each change and is the microsecond of it: a client that
 * knows a revision of a database that was made anew, or went back to a backup, does not meet it again with other jobs.
 */
async function announce(transaction: StoreTransaction, projectId: string): Promise<string> {
  const { rows } = await sql<{ job_revision: string }>`
    UPDATE project SET job_revision = greatest(job_revision + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) WHERE id = ${projectId}
    RETURNING job_revision, ${sql.raw(toNotifySql('schedule_changed', 'name'))}`.execute(transaction);
  return rows[0]?.job_revision ?? '0';
}
