import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptOutcome, Log } from '@optimus/domain';
import type { Container } from 'dockerode';
import { toEndTime, toOutcome } from './container-outcome.ts';
import { copyOutput, type OutputTarget } from './container-output.ts';
import { isConflict, isNotFound, toEngineMessage } from './engine-error.ts';

/** One container to watch. */
export interface LiveAttemptOptions {
  readonly attemptId: string;
  readonly container: Container;
  readonly output: Omit<OutputTarget, 'signal'>;
  readonly log: Log;
}

/** How an attempt ended; and when, if the engine knows. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly endedAt?: Date;
}

/** How long the log of a container that has ended may take to be complete before its end is told without. */
const LOG_GRACE_MS = 5000;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** One attempt that runs, or ran and is not reported yet. */
export class LiveAttempt {
  /** How the attempt ended. Never settles once {@link unwatch} was called. */
  readonly ended: Promise<AttemptEnd>;
  readonly #options: LiveAttemptOptions;
  readonly #resolve: (end: AttemptEnd) => void;
  readonly #unwatched = new AbortController();

  constructor(options: LiveAttemptOptions) {
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#options = options;
  }

  /** Begins to watch: the engine tells the output as it comes and the end when it comes, nothing is asked twice. */
  watch(): void {
    void this.#watch();
  }

  unwatch(): void {
    this.#unwatched.abort();
  }

  /** Has the engine ask the task to end, and make it after the grace: also when this server is gone by then. */
  async cancel(graceMs: number): Promise<void> {
    try {
      await this.#options.container.stop({ t: Math.ceil(graceMs / 1000) });
    } catch (thrown) {
      if (!isNotFound(thrown) && !isConflict(thrown)) throw thrown;
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#unwatched;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const end = await this.#awaitEnd().catch((thrown: unknown) => this.#explainFailure(thrown));
      if (signal.aborted) return;
      if (end) return this.#resolve(end);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #awaitEnd(): Promise<AttemptEnd> {
    const { container } = this.#options;
    const { signal } = this.#unwatched;
    const outputEnd = new AbortController();
    const copying = this.#copyOutput(AbortSignal.any([signal, outputEnd.signal]));
    try {
      await container.wait({ abortSignal: signal });
      await Promise.race([copying, delay(LOG_GRACE_MS, undefined, { signal, ref: false })]);
    } finally {
      outputEnd.abort();
      await copying;
    }
    const { State } = await container.inspect({ abortSignal: signal });
    const endedAt = toEndTime(State, new Date());
    return { outcome: toOutcome(State), ...(endedAt && { endedAt }) };
  }

  /** An end is worth more than its log: what cannot be copied is noted, and the end told all the same. */
  async #copyOutput(signal: AbortSignal): Promise<void> {
    const { container, output, attemptId, log } = this.#options;
    try {
      await copyOutput(container, { ...output, signal });
    } catch (thrown) {
      if (signal.aborted || isNotFound(thrown)) return;
      const reason = toEngineMessage(thrown);
      log.warn('the output of an attempt could not be read', { attempt: attemptId, reason });
    }
  }

  /** Undefined when the engine did not answer: it is asked again, as tasks outlive its restart. */
  #explainFailure(thrown: unknown): AttemptEnd | undefined {
    if (isNotFound(thrown)) {
      return { outcome: { kind: 'lost', message: 'its container was removed' } };
    }
    if (this.#unwatched.signal.aborted) return undefined;
    const { attemptId, log } = this.#options;
    log.warn('the engine does not tell how an attempt is', {
      attempt: attemptId,
      reason: toEngineMessage(thrown),
    });
    return undefined;
  }
}
