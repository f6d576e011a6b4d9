import type {
  ClaimedVersion,
  ColumnLineage,
  JobKey,
  JobLineage,
  JobName,
  KnownColumns,
  LineageClaim,
  LineageStore,
  ProjectName,
  RecordedLineage,
  VersionLineage,
} from '@optimus/domain';
import type { Database, RunStatement } from '../database/database.ts';
import {
  ANNOUNCE,
  CLAIM,
  DELETE_UNUSED,
  FIND_BY_INPUT,
  FIND_COLUMNS,
  FIND_INPUT,
  FIND_NEXT_CLAIM,
  FIND_PUBLISHED,
  FIND_VERSION_LINEAGE,
  FINISH,
  INSERT_LINEAGE,
  LIST_LINEAGES,
  LOCK_JOB,
  POINT_VERSION,
  QUEUE_READERS,
  RELEASE,
} from './lineage-statements.ts';

interface ClaimRow {
  readonly version_id: string;
  readonly mark: string;
}

interface VersionRow {
  readonly number: number;
  readonly destination: string | null;
  readonly content: ColumnLineage | null;
  readonly computed_at: Date | null;
  readonly is_pending: boolean;
}

interface JobLineageRow {
  readonly project: ProjectName;
  readonly job: JobName;
  readonly destination: string | null;
  readonly content: ColumnLineage | null;
}

/** Column lineage in PostgreSQL. */
export class PostgresLineageStore implements LineageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim({ holder, limit, leaseMs }: LineageClaim): Promise<readonly ClaimedVersion[]> {
    const rows = await this.#database.run<ClaimRow>(CLAIM, [holder, limit, leaseMs]);
    return rows.map(({ version_id: versionId, mark }) => ({ versionId, mark }));
  }

  async findNextClaimMs(holder: string): Promise<number | undefined> {
    const [row] = await this.#database.run<{ ms: number | null }>(FIND_NEXT_CLAIM, [holder]);
    return row?.ms ?? undefined;
  }

  async findByInput(inputHash: string): Promise<ColumnLineage | undefined> {
    const [row] = await this.#database.run<{ content: ColumnLineage }>(FIND_BY_INPUT, [inputHash]);
    return row?.content;
  }

  async findColumns(urns: readonly string[]): Promise<readonly KnownColumns[]> {
    return urns.length === 0 ? [] : await this.#database.run<KnownColumns & object>(FIND_COLUMNS, [urns]);
  }

  async record(recorded: RecordedLineage): Promise<void> {
    await this.#database.step((run) => recordLineage(run, recorded));
  }

  async find({ project, job }: JobKey, versionNumber?: number): Promise<VersionLineage | undefined> {
    const values = [project, job, versionNumber ?? null];
    const [row] = await this.#database.run<VersionRow>(FIND_VERSION_LINEAGE, values);
    return (
      row && {
        versionNumber: row.number,
        destination: row.destination ?? undefined,
        lineage: row.content ?? undefined,
        computedAt: row.computed_at ?? undefined,
        isPending: row.is_pending,
      }
    );
  }

  async list(keys: readonly JobKey[]): Promise<readonly JobLineage[]> {
    if (keys.length === 0) return [];
    const values = [keys.map(({ project }) => project), keys.map(({ job }) => job)];
    const rows = await this.#database.run<JobLineageRow>(LIST_LINEAGES, values);
    return rows.map(({ destination, content, ...key }) => ({
      ...key,
      destination: destination ?? undefined,
      lineage: content ?? undefined,
    }));
  }
}

/** Of two that record versions of one job, each sees what the other left: readers hear of every change of its columns. */
async function recordLineage(
  run: RunStatement,
  { version, inputHash, lineage }: RecordedLineage,
): Promise<void> {
  const { versionId, mark } = version;
  const [job] = await run<{ job_id: string }>(LOCK_JOB, [versionId]);
  if (!job) return;
  const before = await readPublished(run, job.job_id);
  const [old] = await run<{ hash: string }>(FIND_INPUT, [versionId]);
  await run(INSERT_LINEAGE, [inputHash, JSON.stringify(lineage)]);
  await run(POINT_VERSION, [versionId, inputHash]);
  if (old && old.hash !== inputHash) await run(DELETE_UNUSED, [old.hash]);
  await finish(run, versionId, mark);
  if ((await readPublished(run, job.job_id)) === before) return;
  const queued = await run(QUEUE_READERS, [job.job_id]);
  if (queued.length > 0) await run(ANNOUNCE, [job.job_id]);
}

async function readPublished(run: RunStatement, jobId: string): Promise<string | null> {
  const [row] = await run<{ columns: string | null }>(FIND_PUBLISHED, [jobId]);
  return row?.columns ?? null;
}

async function finish(run: RunStatement, versionId: string, mark: string): Promise<void> {
  await run(FINISH, [versionId, mark]);
  await run(RELEASE, [versionId]);
}
