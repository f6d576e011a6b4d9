const newline = 0x0a;

/** Collects the start of a stream up to its first line break; what follows goes to `onRest`. */
export class FirstLine {
  readonly #limitBytes: number;
  readonly #onRest: (chunk: Buffer) => void;
  readonly #outcome = Promise.withResolvers<string | undefined>();
  #collected = Buffer.alloc(0);
  #done = false;

  constructor(limitBytes: number, onRest: (chunk: Buffer) => void) {
    this.#limitBytes = limitBytes;
    this.#onRest = onRest;
  }

  /** The line, or undefined when the limit was passed without one. Pending for ever when neither comes. */
  get line(): Promise<string | undefined> {
    return this.#outcome.promise;
  }

  /** What has come so far of a line that is not complete. */
  get partial(): string {
    return this.#done ? '' : this.#collected.toString('utf8');
  }

  push(chunk: Buffer): void {
    if (this.#done) return this.#onRest(chunk);
    this.#collected = Buffer.concat([this.#collected, chunk]);
    const end = this.#collected.indexOf(newline);
    if (end >= 0) this.#finish(end);
    else if (this.#collected.byteLength > this.#limitBytes) this.#settle(undefined);
  }

  #finish(end: number): void {
    const rest = this.#collected.subarray(end + 1);
    this.#settle(this.#collected.subarray(0, end).toString('utf8'));
    if (rest.byteLength > 0) this.#onRest(rest);
  }

  #settle(line: string | undefined): void {
    this.#done = true;
    this.#outcome.resolve(line);
  }
}
