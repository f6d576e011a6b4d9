import { present, type RunFactsReader, type RunFactsStore } from '@optimus/domain';
import type { Database, RunStatement } from '../database/database.ts';
import {
  type InstanceFactsRow,
  type JobFactsRow,
  type RunFactsRow,
  type SurroundingsRow,
  toJobFacts,
  toRunFacts,
  toSurroundings,
  toWaitEdge,
  type WaitEdgeRow,
} from './facts-row.ts';
import { FIND_JOB, FIND_RUN, LIST_INSTANCES, LIST_WAITS, READ_SURROUNDINGS } from './facts-statements.ts';

/** Facts about runs in PostgreSQL. */
export class PostgresRunFactsStore implements RunFactsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  readAtOnce<T>(work: (reader: RunFactsReader) => Promise<T>): Promise<T> {
    return this.#database.snapshot((run) => work(createReader(run)));
  }
}

function createReader(run: RunStatement): RunFactsReader {
  return {
    async findJob({ project, job }) {
      const [row] = await run<JobFactsRow>(FIND_JOB, [project, job]);
      return row && toJobFacts(row);
    },

    async findRun(jobId, scheduledAt) {
      const [row] = await run<RunFactsRow>(FIND_RUN, [jobId, scheduledAt ?? null]);
      return row && toRunFacts(row, await run<InstanceFactsRow>(LIST_INSTANCES, [row.id]));
    },

    async readSurroundings(jobId, found) {
      const values = [jobId, found?.id ?? null, found?.scheduledAt ?? null];
      const [row] = await run<SurroundingsRow>(READ_SURROUNDINGS, values);
      return toSurroundings(present(row, 'what goes on around a job'));
    },

    async listWaits(runId) {
      return (await run<WaitEdgeRow>(LIST_WAITS, [runId])).map(toWaitEdge);
    },
  };
}
