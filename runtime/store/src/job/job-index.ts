import type {
  EdgeQuery,
  IndexedProject,
  JobEdge,
  JobIndex,
  JobKey,
  JobName,
  JobVersion,
  NamespaceName,
  ProjectName,
  RunState,
  VersionDeletion,
  VersionPage,
} from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { type EdgeRow, toEdge } from './edge-row.ts';
import {
  LIST_DOWNSTREAM_EDGES,
  LIST_INDEXED_JOBS,
  LIST_PROJECT_PAIRS,
  LIST_UPSTREAM_EDGES,
  LIST_VERSIONS,
} from './index-statements.ts';

interface VersionRow {
  readonly id: string;
  readonly number: number;
  readonly author: string;
  readonly created_at: Date;
  readonly content_hash: string;
  readonly is_deployed: boolean;
  readonly deletions: readonly DeletionJson[];
}

/** Times in ISO 8601. */
interface DeletionJson {
  readonly deletedAt: string;
  readonly deletedBy: string;
  readonly restoredAt: string | null;
  readonly restoredBy: string | null;
}

interface IndexedRow {
  readonly name: JobName;
  readonly namespace: NamespaceName;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: RunState | null;
}

/** What is asked about jobs besides their specifications, in PostgreSQL. */
export class PostgresJobIndex implements JobIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listVersions(
    { project, job }: JobKey,
    { before, limit }: VersionPage = {},
  ): Promise<readonly JobVersion[]> {
    const rows = await this.#database.run<VersionRow>(LIST_VERSIONS, [
      project,
      job,
      before ?? null,
      limit ?? null,
    ]);
    return rows.map((row) => ({
      versionId: row.id,
      number: row.number,
      author: row.author,
      createdAt: row.created_at,
      contentHash: row.content_hash,
      isDeployed: row.is_deployed,
      deletions: row.deletions.map(toDeletion),
    }));
  }

  async listEdges({ jobs, direction }: EdgeQuery): Promise<readonly JobEdge[]> {
    const statement = direction === 'upstream' ? LIST_UPSTREAM_EDGES : LIST_DOWNSTREAM_EDGES;
    const rows = await this.#database.run<EdgeRow & object>(statement, [
      jobs.map(({ project }) => project),
      jobs.map(({ job }) => job),
    ]);
    return rows.map(toEdge);
  }

  async readProject(project: ProjectName): Promise<IndexedProject> {
    const [rows, edges] = await Promise.all([
      this.#database.run<IndexedRow>(LIST_INDEXED_JOBS, [project]),
      this.#database.run<{ job: JobName; upstream: JobName }>(LIST_PROJECT_PAIRS, [project]),
    ]);
    const jobs = rows.map(({ state, ...job }) => ({ ...job, lastRunState: state ?? undefined }));
    return { jobs, edges };
  }
}

function toDeletion({ deletedAt, deletedBy, restoredAt, restoredBy }: DeletionJson): VersionDeletion {
  const restored = restoredAt !== null && { restoredAt: new Date(restoredAt), restoredBy: restoredBy ?? '' };
  return { deletedAt: new Date(deletedAt), deletedBy, ...restored };
}
