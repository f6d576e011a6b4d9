/** The last lines of a stream, for the report of a failure. */
export class Tail {
  readonly #limit: number;
  readonly #lines: string[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(line: string): void {
    this.#lines.push(line.slice(0, 2000));
    if (this.#lines.length > this.#limit) this.#lines.shift();
  }

  get lines(): ReadonlyArray<string> {
    return this.#lines;
  }
}
