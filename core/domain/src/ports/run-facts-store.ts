import type { JobFacts, RunFacts, RunSurroundings, WaitEdge } from '../explanation/run-facts.ts';
import type { JobKey } from '../job/job.ts';

/** What explaining a run reads: each call costs a constant number of statements, however many runs there are. */
export interface RunFactsReader {
  /** A job, deployed or deleted; undefined when the project never had one of the name. */
  findJob(key: JobKey): Promise<JobFacts | undefined>;
  /**
   * The run of the job at the tick. Without one the run that matters: the newest that is under way, else the newest that waits, else
   * the newest of all.
   */
  findRun(jobId: string, scheduledAt: Date | undefined): Promise<RunFacts | undefined>;
  /** What goes on around a job, and around a run of it when there is one. */
  readSurroundings(
    jobId: string,
    run: Pick<RunFacts, 'id' | 'scheduledAt'> | undefined,
  ): Promise<RunSurroundings>;
  /** What the run waits for, what that waits for, and so on: the nearest first, at most `MOST_WAITS`. */
  listWaits(runId: string): Promise<readonly WaitEdge[]>;
}

/** Facts about runs. */
export interface RunFactsStore {
  /** Has the work read facts of one moment: nothing changes in between. */
  readAtOnce<T>(work: (reader: RunFactsReader) => Promise<T>): Promise<T>;
}
