/** Go prints this before the stack of a crash. */
const crashHeading = /^(?:panic|fatal error): /;

const keptLines = 200;
const shownLines = 20;
const longestLine = 2000;

/** The end of a stream, for the report of a failure. */
export class Tail {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line.slice(0, longestLine));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  /** The last lines, or those from the start of a crash on: its stack is longer than what is worth showing. */
  get lines(): ReadonlyArray<string> {
    const crash = this.#lines.findLastIndex((line) => isCrashHeading(line));
    return crash < 0 ? this.#lines.slice(-shownLines) : this.#lines.slice(crash, crash + shownLines);
  }
}

/** Whether a line begins the report of a crash in Go; all that follows belongs to it. */
export function isCrashHeading(line: string): boolean {
  return crashHeading.test(line);
}
