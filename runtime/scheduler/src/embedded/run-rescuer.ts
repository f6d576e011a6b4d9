import {
  type AdoptedAttempt,
  type ExecutionReport,
  type Executor,
  type Log,
  type RunStore,
  type ServerIdentity,
  type Service,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';
import type { HeldAttempts } from './held-attempts.ts';

/** What rescuing needs. */
export interface RunRescuerOptions {
  readonly runs: Pick<RunStore, 'adopt' | 'adoptExpired' | 'renewLeases'>;
  readonly executor: Executor;
  readonly record: (report: ExecutionReport) => Promise<void>;
  readonly held: HeldAttempts;
  readonly server: ServerIdentity;
  readonly leaseMs: number;
  /** How long an expired lease is left alone: its owner may be about to renew it. */
  readonly graceMs: number;
  /** The time by the database. */
  readonly now: () => Date | Promise<Date>;
  readonly log: Log;
}

const ADOPTIONS_A_TURN = 100;
/** How long the tasks of a stopped server wait for its successor before another host takes them for lost. */
const RESTART_MS = 60_000;
/** The longest lease, and time for it to be written. */
const LONGEST_LEASE_MS = 2 * RESTART_MS;

/** Takes up attempts that servers left behind, keeps the leases of this server's own, and ends what it lost. */
export class RunRescuer implements Service {
  readonly name = 'run-rescuer';
  readonly #options: RunRescuerOptions;
  readonly #loop: WorkLoop;
  readonly #reporting = new Set<Promise<void>>();
  #isStarted = false;
  /** Since when renewals succeed without a gap, by this process's own clock. */
  #renewingSince: number | undefined;
  /** By how much the database's clock is ahead of this process's own, which nobody sets. */
  #aheadMs: number | undefined;

  constructor(options: RunRescuerOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
  }

  /** Resolves when every attempt that this host had is taken up or known to be gone. */
  async start(): Promise<void> {
    const { runs, executor, server, leaseMs } = this.#options;
    const adopted = await runs.adopt(server, leaseMs);
    await executor.discardExcept(new Set(adopted.map(({ attemptId }) => attemptId)));
    await Promise.all(adopted.map((attempt) => this.#takeUp(attempt)));
    this.#isStarted = true;
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    if (this.#isStarted) await this.#leaveToSuccessor();
    this.#isStarted = false;
    await Promise.allSettled(this.#reporting);
  }

  async #turn(): Promise<number> {
    const { leaseMs } = this.#options;
    const startedAt = performance.now();
    await this.#renew();
    const isClockKnown = await this.#watchClock();
    this.#renewingSince ??= startedAt;
    // After an outage of the database, or a jump of its clock, others may still be on their way to renew theirs.
    if (isClockKnown && startedAt - this.#renewingSince >= leaseMs) await this.#adoptExpired();
    return leaseMs / 3;
  }

  async #renew(): Promise<void> {
    const { runs, held, server, leaseMs } = this.#options;
    const { ids } = held;
    if (ids.length === 0) return;
    try {
      const renewed = new Set(await runs.renewLeases(server, leaseMs, ids));
      await Promise.all(ids.filter((id) => !renewed.has(id)).map((id) => this.#giveUp(id)));
    } catch (thrown) {
      this.#renewingSince = undefined;
      throw thrown;
    }
  }

  /** To a database whose clock was set ahead every lease has run out, those of servers that live too. */
  async #watchClock(): Promise<boolean> {
    const { now, leaseMs, log } = this.#options;
    const askedAt = performance.now();
    const aheadMs = (await now()).getTime() - askedAt;
    // An answer that took long says too little.
    if (performance.now() - askedAt > leaseMs / 4) return false;
    const jumpMs = aheadMs - (this.#aheadMs ?? aheadMs);
    this.#aheadMs = aheadMs;
    if (Math.abs(jumpMs) >= leaseMs / 2) {
      log.warn("the database's clock was set", { jumpMs: Math.round(jumpMs) });
      this.#renewingSince = undefined;
    }
    return true;
  }

  /** Another server has the attempt, or its end was recorded a moment ago: either way nothing of it may go on here. */
  async #giveUp(attemptId: string): Promise<void> {
    const { held, executor, log } = this.#options;
    const lost = held.get(attemptId);
    if (!lost) return;
    log.warn('an attempt was taken over by another server', { attempt: attemptId, job: lost.attempt.job });
    await executor.cancel(lost.handle, 0);
    held.release(lost.attempt);
  }

  async #adoptExpired(): Promise<void> {
    const { runs, server, leaseMs, graceMs } = this.#options;
    // The clock may be set between the look at it and this.
    const clock = this.#aheadMs !== undefined && {
      clock: { at: new Date(performance.now() + this.#aheadMs), toleranceMs: leaseMs / 2 },
    };
    const options = { leaseMs, graceMs, limit: ADOPTIONS_A_TURN, longestLeaseMs: LONGEST_LEASE_MS, ...clock };
    const adopted = await runs.adoptExpired(server, options);
    await Promise.all(adopted.map((attempt) => this.#takeUp(attempt)));
  }

  async #takeUp(attempt: AdoptedAttempt): Promise<void> {
    const { held, log } = this.#options;
    const { attemptId, handle, job } = attempt;
    held.hold(attempt, handle);
    try {
      const attachment = await this.#options.executor.attach(attempt, handle);
      log.info('took up an attempt that a server left behind', { attempt: attemptId, job, attachment });
      if (attachment === 'gone') this.#reportLost(attempt);
      else held.hold(attempt, handle ?? { attemptId });
    } catch (thrown) {
      // Not renewed, its lease runs out and it is taken up again.
      held.release(attempt);
      log.error('an attempt could not be taken up', {
        attempt: attemptId,
        job,
        error: toErrorMessage(thrown),
      });
    }
  }

  /** Not waited for: recording tries until the database is there, and the other attempts must not wait for that. */
  #reportLost({ attemptId, fence }: AdoptedAttempt): void {
    const { record, log } = this.#options;
    const message = 'the server that ran it died, and its executor no longer knows of it';
    const reporting = record({ attemptId, fence, outcome: { kind: 'lost', message } }).catch(
      (thrown: unknown) => {
        log.info('a lost attempt is left to the next server', { reason: toErrorMessage(thrown) });
      },
    );
    this.#reporting.add(reporting);
    void reporting.then(() => this.#reporting.delete(reporting));
  }

  async #leaveToSuccessor(): Promise<void> {
    const { runs, held, server, log } = this.#options;
    const { ids } = held;
    if (ids.length === 0) return;
    await runs
      .renewLeases(server, RESTART_MS, ids)
      .catch((thrown: unknown) => log.debug('leases were not extended', { error: toErrorMessage(thrown) }));
  }
}
