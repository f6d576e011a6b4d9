import type { Job, JobDigest, JobName, JobSpec, NamespaceName, ProjectName } from '@optimus/domain';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';

/** A specification as it is stored: its assets lie in a table of their own. */
export type StoredSpec = Omit<JobSpec, 'assets'>;

/** A job joined with one of its versions. */
export interface JobRow extends JobHeadRow {
  readonly spec: object;
}

/** A {@link JobRow} without its specification. */
export interface JobHeadRow {
  readonly id: string;
  readonly project: string;
  readonly namespace: string;
  readonly version_id: string;
  readonly number: number;
  readonly content_hash: string;
  readonly created_at: Date;
}

/** A deployed job without its specification. */
export interface DigestRow {
  readonly name: string;
  readonly namespace: string;
  readonly content_hash: string;
  readonly last_scheduled_at: Date | null;
}

/** A row as a digest. */
export function toDigest(row: DigestRow): JobDigest {
  return {
    name: toJobName(row.name),
    namespace: row.namespace as NamespaceName,
    contentHash: row.content_hash,
    lastScheduledAt: row.last_scheduled_at ?? undefined,
  };
}

/** Jobs with all their versions, one row a version. */
export function selectJobVersions(queries: Kysely<Tables>) {
  return queries
    .selectFrom('job')
    .innerJoin('project', 'project.id', 'job.project_id')
    .innerJoin('namespace', 'namespace.id', 'job.namespace_id')
    .innerJoin('job_version', 'job_version.job_id', 'job.id')
    .select([
      'job.id',
      'project.name as project',
      'namespace.name as namespace',
      'job_version.id as version_id',
      'job_version.spec',
      'job_version.number',
      'job_version.content_hash',
      'job_version.created_at',
    ]);
}

/** The jobs of the rows, with their assets: two more queries however many there are, and each content travels once. */
export async function loadJobs(database: Database, rows: readonly JobRow[]): Promise<readonly Job[]> {
  const assets = await loadAssets(
    database,
    rows.map((row) => row.version_id),
  );
  return rows.map((row) => {
    const stored = row.spec as StoredSpec;
    return toJob(row, { ...stored, assets: assets.get(row.version_id) ?? {} });
  });
}

type Assets = Readonly<Record<string, string>>;

async function loadAssets(
  database: Database,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, Assets>> {
  const names = await database.queries
    .selectFrom('job_version_asset')
    .select(['version_id', 'name', sql<string>`encode(asset_hash, 'hex')`.as('hash')])
    .where('version_id', '=', sql<string>`ANY(${versionIds}::bigint[])`)
    .orderBy('name')
    .execute();
  const contents = await loadContents(database, [...new Set(names.map((row) => row.hash))]);
  const byVersion = new Map<string, Record<string, string>>();
  for (const { version_id: versionId, name, hash } of names) {
    const assets = byVersion.get(versionId) ?? {};
    assets[name] = contents.get(hash) ?? '';
    byVersion.set(versionId, assets);
  }
  return byVersion;
}

async function loadContents(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await database.queries
    .selectFrom('asset')
    .select([sql<string>`encode(hash, 'hex')`.as('hash'), 'content'])
    .where('hash', '=', sql<Buffer>`ANY(${hashes.map((hash) => Buffer.from(hash, 'hex'))}::bytea[])`)
    .execute();
  return new Map(rows.map((row) => [row.hash, row.content.toString('utf8')]));
}

/** A job of a row and its specification. */
export function toJob(row: JobHeadRow, spec: JobSpec): Job {
  return {
    id: row.id,
    project: row.project as ProjectName,
    namespace: row.namespace as NamespaceName,
    spec,
    versionId: row.version_id,
    versionNumber: row.number,
    contentHash: row.content_hash,
    updatedAt: row.created_at,
  };
}

/** The name of a stored job, which was parsed before it was stored. */
function toJobName(name: string): JobName {
  return name as JobName;
}
