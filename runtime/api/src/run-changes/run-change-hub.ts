import { setTimeout as delay } from 'node:timers/promises';
import {
  type ChangeFeed,
  type Log,
  OptimusError,
  type RunChangePosition,
  type RunChangeStore,
  toErrorMessage,
} from '@optimus/domain';
import type { SeenChange } from './change-queue.ts';

/** Who is told of each change, in order. */
export type TellChange = (seen: SeenChange) => void;

/** What the hub needs. */
export interface RunChangeHubOptions {
  readonly store: RunChangeStore;
  readonly feed: ChangeFeed;
  readonly log: Log;
  /** Listeners at most; default 1,000. */
  readonly mostListeners?: number;
  /** Told how many listen. */
  readonly onCount?: (listeners: number) => void;
}

const PAGE = 500;
/** Reads that follow each other are so far apart: a burst of changes is read at once. */
const REST_MS = 50;
/** The longest rest while somebody listens, should the news of a change get lost; and how old the id of a heartbeat may be. */
const LONGEST_REST_MS = 60_000;
const PAUSE_AFTER_FAILURE_MS = 1_000;

interface Joining {
  readonly tell: TellChange;
  readonly joined: PromiseWithResolvers<RunChangePosition>;
}

/** Reads changes of runs once for all listeners of this server, and not at all while nobody listens. */
export class RunChangeHub {
  readonly #options: RunChangeHubOptions;
  readonly #listeners = new Set<TellChange>();
  #joining: Joining[] = [];
  #position: RunChangePosition | undefined;
  #isReading = false;
  #news = Promise.withResolvers<void>();

  constructor(options: RunChangeHubOptions) {
    this.#options = options;
  }

  /** Where those are who have been told everything; undefined while nobody listens. */
  get position(): RunChangePosition | undefined {
    return this.#position;
  }

  /**
   * Tells of every change after the position that this answers, which is that of a reading that begins after the call.
   * @throws OptimusError `TOO_MANY_LISTENERS`, `DATABASE_UNAVAILABLE`
   */
  join(tell: TellChange): Promise<RunChangePosition> {
    const { mostListeners = 1_000 } = this.#options;
    if (this.#listeners.size + this.#joining.length >= mostListeners) throw toTooMany(mostListeners);
    const joined = Promise.withResolvers<RunChangePosition>();
    this.#joining.push({ tell, joined });
    this.#wake();
    if (!this.#isReading) void this.#read();
    return joined.promise;
  }

  /** Tells nothing more. */
  leave(tell: TellChange): void {
    this.#listeners.delete(tell);
    this.#count();
    this.#wake();
  }

  readonly #wake = (): void => this.#news.resolve();

  async #read(): Promise<void> {
    this.#isReading = true;
    const unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (topic !== 'schedule_changed') this.#wake();
    });
    while (this.#listeners.size + this.#joining.length > 0) {
      this.#news = Promise.withResolvers();
      await this.#turn();
      await this.#rest();
    }
    unsubscribe();
    this.#position = undefined;
    this.#isReading = false;
  }

  async #turn(): Promise<void> {
    const joining = this.#joining;
    this.#joining = [];
    try {
      const position = await this.#readOn();
      for (const { tell, joined } of joining) {
        this.#listeners.add(tell);
        joined.resolve(position);
      }
    } catch (thrown) {
      for (const { joined } of joining) joined.reject(thrown);
      this.#options.log.warn('changes of runs could not be read', { error: toErrorMessage(thrown) });
      // Listeners that are there go on where they are.
      if (this.#listeners.size > 0) await delay(PAUSE_AFTER_FAILURE_MS);
      this.#wake();
    }
    this.#count();
  }

  async #readOn(): Promise<RunChangePosition> {
    const { store } = this.#options;
    let position = this.#position ?? (await store.readNewest());
    for (let isLast = false; !isLast; ) {
      const page = await store.read({ after: position, limit: PAGE });
      for (const seen of page.changes) for (const tell of this.#listeners) tell(seen);
      ({ position, isLast } = page);
      this.#position = position;
    }
    return position;
  }

  async #rest(): Promise<void> {
    const timer = setTimeout(this.#wake, LONGEST_REST_MS);
    await this.#news.promise;
    clearTimeout(timer);
    if (this.#joining.length === 0 && this.#listeners.size > 0) await delay(REST_MS);
  }

  #count(): void {
    this.#options.onCount?.(this.#listeners.size);
  }
}

function toTooMany(most: number): OptimusError {
  return new OptimusError('TOO_MANY_LISTENERS', {
    message: `this server has ${most} listeners to changes of runs, as many as it takes`,
    hint: 'try again later, or listen at another server',
  });
}
