import { toErrorMessage } from '../error/optimus-error.ts';
import type { Log } from '../ports/log.ts';
import { pause, toBackOffMs } from './back-off.ts';

/** What a loop does each time. Answers how long to rest unless woken, in ms. */
export type Turn = (signal: AbortSignal) => Promise<number>;

/**
 * Takes a turn, rests until it is woken or its time has come, and takes the next. A wake during a turn is not lost: the next turn
 * follows at once. A turn that fails is logged and tried again after a pause that grows, and that no wake shortens.
 */
export class WorkLoop {
  readonly #turn: Turn;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #wakeup = Promise.withResolvers<void>();
  #ended: Promise<void> | undefined;

  constructor(turn: Turn, log: Log) {
    this.#turn = turn;
    this.#log = log;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  readonly wake = (): void => {
    this.#wakeup.resolve();
  };

  /** Resolves when the turn that is under way has ended. Safe to call twice or unstarted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const restMs = await this.#turn(signal);
        failures = 0;
        await this.#rest(restMs);
      } catch (thrown) {
        failures++;
        this.#log.warn('a turn failed; trying again', { error: toErrorMessage(thrown), failures });
        await pause(toBackOffMs(failures), signal);
      }
    }
  }

  async #rest(ms: number): Promise<void> {
    const timer = setTimeout(this.wake, ms);
    await this.#wakeup.promise;
    this.#wakeup = Promise.withResolvers();
    clearTimeout(timer);
  }
}
