import {
  decideNextStep,
  type EndedClaim,
  type ExecutionReport,
  type JobStore,
  type Log,
  type NextStep,
  present,
  type RunStore,
  type Service,
} from '@optimus/domain';
import { isStale, persist } from './back-off.ts';
import type { HeldAttempt, HeldAttempts } from './held-attempts.ts';

/** What recording ends needs. */
export interface RunObserverOptions {
  readonly runs: Pick<RunStore, 'countEnded' | 'finish'>;
  readonly jobs: Pick<JobStore, 'findVersion'>;
  readonly held: HeldAttempts;
  readonly log: Log;
}

/** Records how attempts ended and what follows. */
export class RunObserver implements Service {
  readonly name = 'run-observer';
  readonly #options: RunObserverOptions;
  readonly #stopping = new AbortController();
  readonly #recording = new Set<Promise<void>>();

  constructor(options: RunObserverOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {}

  /** Ends recordings that wait for the database: their reports are told again to the next server. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#recording);
  }

  /**
   * Resolves when the end is recorded, or when another server owns the attempt by now. Tries for as long as the database is away.
   * @throws OptimusError `SERVER_STOPPING`: the report has to be told again
   */
  async record(report: ExecutionReport): Promise<void> {
    const recording = this.#recordUntilDone(report);
    this.#recording.add(recording);
    try {
      await recording;
    } finally {
      this.#recording.delete(recording);
    }
  }

  async #recordUntilDone(report: ExecutionReport): Promise<void> {
    const { held, log } = this.#options;
    const { attemptId } = report;
    const what = `record the end of attempt ${attemptId}`;
    try {
      await persist(() => this.#recordOnce(report), {
        signal: this.#stopping.signal,
        log,
        what,
        isFinal: isStale,
      });
    } catch (thrown) {
      if (!isStale(thrown)) throw thrown;
      log.info('dropped a report: the attempt has another owner, or its end is recorded', {
        attempt: attemptId,
      });
    }
    held.release(report);
  }

  async #recordOnce(report: ExecutionReport): Promise<void> {
    const { runs, held, log } = this.#options;
    const owned = held.find(report);
    if (!owned)
      return log.info('dropped a report on an attempt of another owner', { attempt: report.attemptId });
    const outcome = owned.outcome ?? report.outcome;
    const next = await this.#decide({ ...report, outcome }, owned);
    const { state: run } = await runs.finish(toEndedClaim(report), outcome, next);
    const { project, job, scheduledAt, number } = owned.attempt;
    log.info('attempt ended', {
      project,
      job,
      scheduledAt,
      attempt: number,
      next: next.kind,
      run,
      outcome,
    });
  }

  async #decide(report: ExecutionReport, { attempt }: HeldAttempt): Promise<NextStep> {
    const { runs, jobs } = this.#options;
    if (report.outcome.kind === 'exited' && report.outcome.exitCode === 0) return { kind: 'success' };
    const job = present(await jobs.findVersion(attempt.versionId), 'the version of a run');
    return decideNextStep(report.outcome, await runs.countEnded(report), job.spec.behavior.retry);
  }
}

/** Told anew at each try to record it: the database may be away for long, and only how long ago it was is sure by its clock. */
function toEndedClaim({ attemptId, fence, endedAt }: ExecutionReport): EndedClaim {
  if (!endedAt) return { attemptId, fence };
  return { attemptId, fence, endedMsAgo: Math.max(0, Date.now() - endedAt.getTime()) };
}
