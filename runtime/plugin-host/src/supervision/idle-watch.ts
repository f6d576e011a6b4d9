export interface IdleWatchOptions {
  /** How long nobody has to use it; 0: for ever. */
  readonly timeoutMs: number;
  readonly onIdle: () => void;
}

/** Knows who uses a process now, and tells once nobody has for a while. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  /** The use begins before the first `await` of whoever asks, so that none is overlooked. */
  async during<T>(use: () => Promise<T>): Promise<T> {
    this.#users += 1;
    this.cancel();
    try {
      return await use();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#arm();
    }
  }

  /** Safe to call at any time; the next use arms it again. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const { timeoutMs, onIdle } = this.#options;
    if (timeoutMs > 0) this.#timer = setTimeout(onIdle, timeoutMs).unref();
  }
}
