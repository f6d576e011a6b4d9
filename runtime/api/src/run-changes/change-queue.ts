import { OptimusError, type RunChange, type RunChangePosition } from '@optimus/domain';

/** What a listener gets: a change and where it is with it, or where it is alone. */
export interface SeenChange {
  readonly position: RunChangePosition;
  readonly change?: RunChange;
}

/** What waits for a listener, bounded: one that reads more slowly than changes come must not hold them all. */
export class ChangeQueue {
  readonly #most: number;
  #waiting: SeenChange[] = [];
  #failure: OptimusError | undefined;
  #news = Promise.withResolvers<void>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Why nothing more comes. */
  get failure(): OptimusError | undefined {
    return this.#failure;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  push(seen: SeenChange): void {
    if (this.#failure) return;
    if (this.#waiting.length < this.#most) this.#waiting.push(seen);
    else this.fail(toTooSlow(this.#most));
    this.#news.resolve();
  }

  /** Nothing more comes, and what waits is let go of. */
  fail(failure: OptimusError): void {
    this.#failure ??= failure;
    this.#waiting = [];
    this.#news.resolve();
  }

  /** What waits, as soon as something does; nothing when `waitMs` have passed or the signal aborts. @throws OptimusError the failure */
  async take(waitMs: number, signal: AbortSignal): Promise<readonly SeenChange[]> {
    if (this.#waiting.length === 0 && !this.#failure) await this.#waitForNews(waitMs, signal);
    if (this.#failure) throw this.#failure;
    this.#news = Promise.withResolvers();
    return this.#waiting.splice(0);
  }

  async #waitForNews(waitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const wake = (): void => this.#news.resolve();
    const timer = setTimeout(wake, waitMs);
    signal.addEventListener('abort', wake, { once: true });
    await this.#news.promise;
    signal.removeEventListener('abort', wake);
    clearTimeout(timer);
  }
}

function toTooSlow(most: number): OptimusError {
  return new OptimusError('LISTENER_TOO_SLOW', {
    message: `more than ${most} changes of runs waited to be read`,
    hint: 'listen again after the last id that was read: nothing is lost',
  });
}
