/** A question and its answer, from the moment in which it is asked. */
interface Asked<T> {
  readonly answer: Promise<T>;
  /** Ends the asking. */
  readonly asking: AbortController;
  /** How many wait for the answer. */
  waiting: number;
  /** Undefined until it is there. */
  keptUntilMs: number | undefined;
}

/**
 * Answers from elsewhere, each kept for a while. Whoever asks what is being asked already waits for the same answer, so that a thousand
 * who ask at once are one question. Failures are not kept.
 */
export class AnswerMemory<T> {
  readonly #keepMs: number;
  readonly #readMs: () => number;
  /** By their keys; those that have an answer in the order in which it came. */
  readonly #asked = new Map<string, Asked<T>>();

  constructor({ keepMs, readMs = () => performance.now() }: { keepMs: number; readMs?: () => number }) {
    this.#keepMs = keepMs;
    this.#readMs = readMs;
  }

  /** @param signal ends the waiting, and the asking when nobody else waits. @throws what `question` throws, the reason of `signal` */
  async ask(key: string, signal: AbortSignal, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    this.#forgetOld();
    const asked = this.#asked.get(key) ?? this.#begin(key, question);
    asked.waiting += 1;
    try {
      return await untilAborted(asked.answer, signal);
    } finally {
      asked.waiting -= 1;
      if (asked.waiting === 0 && asked.keptUntilMs === undefined) this.#end(key, asked);
    }
  }

  #begin(key: string, question: (signal: AbortSignal) => Promise<T>): Asked<T> {
    const asking = new AbortController();
    const answer = question(asking.signal);
    const asked: Asked<T> = { answer, asking, waiting: 0, keptUntilMs: undefined };
    this.#asked.set(key, asked);
    answer.then(
      () => this.#keep(key, asked),
      () => this.#end(key, asked),
    );
    return asked;
  }

  #keep(key: string, asked: Asked<T>): void {
    if (this.#asked.get(key) !== asked) return;
    asked.keptUntilMs = this.#readMs() + this.#keepMs;
    this.#asked.delete(key);
    this.#asked.set(key, asked);
  }

  #end(key: string, asked: Asked<T>): void {
    if (this.#asked.get(key) === asked) this.#asked.delete(key);
    asked.asking.abort();
  }

  #forgetOld(): void {
    const nowMs = this.#readMs();
    for (const [key, { keptUntilMs }] of this.#asked) {
      if (keptUntilMs === undefined) continue;
      if (keptUntilMs > nowMs) return;
      this.#asked.delete(key);
    }
  }
}

/** The answer, unless the signal comes first. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', leave));
}
