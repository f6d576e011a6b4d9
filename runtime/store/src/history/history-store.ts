import type { HistoryPosition, HistoryStore, PruneRequest, PruneStep } from '@optimus/domain';
import type { Database } from '../database/database.ts';
import {
  LIST_FORGOTTEN,
  LOOK_AT_ENDED,
  REMOVE_EVENTS,
  REMOVE_RUNS,
  TRY_TO_MEET,
} from './prune-statements.ts';

interface EndedRow {
  readonly id: string;
  readonly job_id: string;
  readonly state: string;
  readonly ended_at: string;
}

/** Old rows in PostgreSQL. */
export class PostgresHistoryStore implements HistoryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async pruneRuns(request: PruneRequest & { readonly keep: number }): Promise<PruneStep> {
    const { olderThanMs, limit, keep, after } = request;
    return await this.#database.step(async (run) => {
      const ended = await run<EndedRow>(LOOK_AT_ENDED, [...fromPosition(after), olderThanMs, limit]);
      if (ended.length === 0) return { removed: 0, next: undefined };
      // Taken before the statement that looks for waits begins, and never waited for: a job whose lock is taken has its turn later.
      const unsuccessful = ended.filter(({ state }) => state !== 'success').map((row) => row.job_id);
      const held = unsuccessful.length > 0 ? await run<{ id: string }>(TRY_TO_MEET, [unsuccessful]) : [];
      const values = [ended.map(({ id }) => id), held.map(({ id }) => id), keep, olderThanMs];
      const [done] = await run<{ removed: number }>(REMOVE_RUNS, values);
      const last = ended.length === limit ? ended.at(-1) : undefined;
      return { removed: done?.removed ?? 0, next: last && toPosition(last) };
    });
  }

  async pruneEvents({ olderThanMs, limit, after = '0' }: PruneRequest): Promise<PruneStep> {
    const values = [after, olderThanMs, limit];
    const [row] = await this.#database.run<{ removed: number; next: string | null }>(REMOVE_EVENTS, values);
    return { removed: row?.removed ?? 0, next: row?.next ?? undefined };
  }

  async listForgotten(attemptIds: readonly string[], olderThanMs?: number): Promise<readonly string[]> {
    const values = [attemptIds, olderThanMs ?? null];
    return (await this.#database.run<{ id: string }>(LIST_FORGOTTEN, values)).map(({ id }) => id);
  }
}

function toPosition({ ended_at: endedAt, id }: EndedRow): HistoryPosition {
  return `${id} ${endedAt}`;
}

function fromPosition(position: HistoryPosition = '0 -infinity'): readonly [string, string] {
  const split = position.indexOf(' ');
  return [position.slice(split + 1), position.slice(0, split)];
}
