import {
  type AttemptOutcome,
  type ChangeFeed,
  ENDING_GRACE_MS,
  type EndingAttempt,
  type Executor,
  type Log,
  type RunStore,
  type ServerIdentity,
  type Service,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';
import { persist } from './back-off.ts';
import type { HeldAttempts } from './held-attempts.ts';

/** What ending attempts needs. */
export interface RunEnderOptions {
  readonly runs: Pick<RunStore, 'listEnding' | 'settleOverdue'>;
  readonly feed: ChangeFeed;
  readonly executor: Executor;
  readonly held: HeldAttempts;
  readonly server: ServerIdentity;
  readonly log: Log;
}

/** The longest rest between two looks: see "As a last resort" in DESIGN.md. */
const LONGEST_REST_MS = 60_000;
/** When to look again at an attempt that has to end and is only just being started. */
const STARTING_REST_MS = 100;

/** Ends the attempts of this server whose run is over, or whose time is; and any run whose time is over while it waits. */
export class RunEnder implements Service {
  readonly name = 'run-ender';
  readonly #options: RunEnderOptions;
  readonly #loop: WorkLoop;
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;

  constructor(options: RunEnderOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
    options.held.onHold(({ hasDeadline }) => {
      if (hasDeadline) this.#loop.wake();
    });
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (topic === 'run_ended_early' || topic === 'resync') this.#loop.wake();
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
    this.#stopping.abort();
  }

  async #turn(): Promise<number> {
    const { runs, server } = this.#options;
    const { attempts, nextInMs = LONGEST_REST_MS } = await runs.listEnding(server);
    const areEnding = await Promise.all(attempts.map((attempt) => this.#end(attempt)));
    const overdueInMs = (await runs.settleOverdue()) ?? LONGEST_REST_MS;
    return Math.min(nextInMs, overdueInMs, areEnding.includes(false) ? STARTING_REST_MS : LONGEST_REST_MS);
  }

  /** False when the attempt has not started yet, so that there is nothing to end: its start is called off, and may come all the same. */
  async #end(attempt: EndingAttempt): Promise<boolean> {
    const { held, log } = this.#options;
    const { attemptId, reason } = attempt;
    const found = held.find(attempt);
    if (!found || found.isEnding) return true;
    if (found.handle === undefined) {
      held.callOff(attempt, toOutcome(attempt));
      return false;
    }
    log.info('ending an attempt', { attempt: attemptId, job: found.attempt.job, reason });
    held.end(attempt, toOutcome(attempt));
    // Not waited for: the others have to end too. Its end is reported as any other.
    this.#ask(attempt, found.handle).catch((thrown: unknown) => {
      log.info('ending an attempt was given up', { attempt: attemptId, reason: toErrorMessage(thrown) });
    });
    return true;
  }

  /** An executor that does not answer, say because its engine restarts, is asked again until the attempt is over. */
  #ask(attempt: EndingAttempt, handle: unknown): Promise<void> {
    const { executor, held, log } = this.#options;
    return persist(() => executor.cancel(handle, ENDING_GRACE_MS), {
      signal: this.#stopping.signal,
      log,
      what: `end attempt ${attempt.attemptId}`,
      isFinal: () => held.find(attempt) === undefined,
    });
  }
}

/** What is recorded of the attempt, however its program takes it; undefined when the run is over and nothing follows from it. */
function toOutcome({ reason }: EndingAttempt): AttemptOutcome | undefined {
  switch (reason) {
    case 'run_over':
      return undefined;
    case 'run_timeout':
      return { kind: 'timed_out', message: 'was ended: the time of its run was over', isRunOver: true };
    case 'timeout':
      return { kind: 'timed_out', message: 'was ended: its time was over', isRunOver: false };
  }
}
