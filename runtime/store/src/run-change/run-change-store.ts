import {
  formatInstant,
  type JobEvent,
  type JobKey,
  OptimusError,
  present,
  type RunChange,
  type RunChangePage,
  type RunChangePosition,
  type RunChangeQuery,
  type RunChangeStore,
  type RunKey,
} from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { readDatabaseIdentity } from '../database/database-identity.ts';
import {
  type ChangePosition,
  findFirstMissing,
  formatPosition,
  type GivenPosition,
  moveOn,
  parsePosition,
  parseSnapshot,
  startAt,
  toSnapshotText,
} from './change-position.ts';
import { type ChangeRow, toRunChange } from './change-row.ts';
import { LIST_OF_RUN, READ_CHANGES, READ_NEWEST, REGISTER } from './change-statements.ts';

interface SnapshotRow {
  readonly snapshot: string;
  readonly now: string;
}

interface NewestRow extends SnapshotRow {
  readonly transaction: string | null;
  readonly id: string | null;
}

type SeenRow = SnapshotRow & ChangeRow & { readonly transaction: string };

/** Changes of runs in PostgreSQL. */
export class PostgresRunChangeStore implements RunChangeStore {
  readonly #database: Database;
  readonly #keepMs: number;
  #identity: string | undefined;

  /** @param keepMs how old a position may be: what changed since is still there */
  constructor(database: Database, keepMs: number) {
    this.#database = database;
    this.#keepMs = keepMs;
  }

  async readNewest(): Promise<RunChangePosition> {
    const database = await this.#findIdentity();
    const [row] = await this.#database.run<NewestRow>(READ_NEWEST, []);
    const { snapshot, now, transaction, id } = present(row, 'a snapshot');
    const newest = { transaction: BigInt(transaction ?? 0), id: BigInt(id ?? 0) };
    const position = startAt(parseSnapshot(snapshot), newest);
    return formatPosition({ position, database, givenAt: Number(now) });
  }

  async read({ after, until, limit, ...filter }: RunChangeQuery): Promise<RunChangePage> {
    const database = await this.#findIdentity();
    const given = parsePosition(after);
    if (given.database !== database) throw toForeign();
    const { position: from } = given;
    const last = until === undefined ? undefined : parsePosition(until).position;
    const values = [
      toSnapshotText(from),
      `${findFirstMissing(from)}`,
      `${from.last}`,
      `${from.lastId}`,
      limit,
      last ? toSnapshotText(last) : null,
      filter.project ?? null,
      filter.namespace ?? null,
      filter.job ?? null,
    ];
    const rows = await this.#database.run<SeenRow>(READ_CHANGES, values);
    const { snapshot: text, now } = present(rows[0], 'a snapshot');
    const snapshot = parseSnapshot(text);
    this.#assertKept(given, { now: Number(now), end: snapshot.end });
    const changes = rows.filter((row) => row.id !== null);
    const seen = last ? { end: last.end, running: last.missing } : snapshot;
    const positions = toPositions(from, seen, changes);
    const isLast = changes.length < limit;
    const end = isLast && last ? last : (positions.at(-1) ?? from);
    const format = (position: ChangePosition) => formatPosition({ position, database, givenAt: Number(now) });
    return {
      changes: changes.map((row, index) => ({
        change: toRunChange(row),
        position: format(positions[index] ?? from),
      })),
      position: format(end),
      isLast,
    };
  }

  async listOf(
    { project, job, scheduledAt }: RunKey,
    { afterId = '0', limit }: { readonly afterId?: string; readonly limit: number },
  ): Promise<readonly RunChange[]> {
    const rows = await this.#database.run<ChangeRow>(LIST_OF_RUN, [
      project,
      job,
      scheduledAt,
      afterId,
      limit,
    ]);
    return rows.map(toRunChange);
  }

  async register({ project, job }: JobKey, scheduledAt: readonly Date[], event: JobEvent): Promise<number> {
    const values = [project, job, scheduledAt, event.message, JSON.stringify(event)];
    return (await this.#database.run(REGISTER, values)).length;
  }

  async #findIdentity(): Promise<string> {
    this.#identity ??= (await readDatabaseIdentity(this.#database)).slice(0, 8);
    return this.#identity;
  }

  #assertKept({ position, givenAt }: GivenPosition, { now, end }: { now: number; end: bigint }): void {
    // A restored database counts transactions anew.
    if (position.end > end) throw toForeign();
    if (now - givenAt <= this.#keepMs / 1000) return;
    throw new OptimusError('RUN_CHANGES_GONE', {
      message: `the id to go on after was given at ${formatInstant(new Date(givenAt * 1000))}, and what changed since may have been removed`,
      hint: 'list the runs anew, and listen without an id',
    });
  }
}

function toPositions(
  from: ChangePosition,
  snapshot: ReturnType<typeof parseSnapshot>,
  rows: readonly SeenRow[],
): readonly ChangePosition[] {
  let position = from;
  return rows.map((row) => {
    const written = { transaction: BigInt(row.transaction), id: BigInt(row.id ?? 0) };
    position = moveOn(position, snapshot, written);
    return position;
  });
}

function toForeign(): OptimusError {
  return new OptimusError('RUN_CHANGES_GONE', {
    message: 'the id to go on after is one of another database',
    hint: 'list the runs anew, and listen without an id',
  });
}
