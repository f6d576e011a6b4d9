/** Rows of text and numbers, as they lie in a file. */
export interface StoredRows {
  /** `key`, a tabulator, and the text; no line has a line break. */
  readonly lines: readonly string[];
  /** Of each row in turn how many numbers it has, and these. */
  readonly numbers: ArrayLike<number>;
}

/**
 * Rows that an earlier command left, by key, and those that this one leaves. Commands ask for them in much the same order each time,
 * so that the next row is nearly always the one that is asked for: no index of them is made until one is not.
 */
export class RememberedRows {
  readonly #lines: readonly string[];
  readonly #numbers: ArrayLike<number>;
  /** Where the numbers of each row begin. */
  readonly #starts: Int32Array;
  #next = 0;
  #byKey: ReadonlyMap<string, number> | undefined;
  /** What is left, in the order of asking: a row of before, or below zero one of {@link #fresh}. */
  readonly #left: number[] = [];
  readonly #fresh: { readonly line: string; readonly numbers: readonly number[] }[] = [];

  constructor({ lines, numbers }: StoredRows) {
    this.#lines = lines;
    this.#numbers = numbers;
    this.#starts = findStarts(lines.length, numbers);
  }

  /** Whether what is left differs from what was there. */
  get isChanged(): boolean {
    return this.#fresh.length > 0 || this.#left.length !== this.#lines.length;
  }

  /** The row of a key; -1 when there is none. */
  find(key: string): number {
    const row = this.#hasKey(this.#next, key) ? this.#next : this.#search(key);
    if (row >= 0) this.#next = row + 1;
    return row;
  }

  /** What the row says after its key. */
  getText(row: number, key: string): string {
    return (this.#lines[row] ?? '').slice(key.length + 1);
  }

  /** Whether the row has just these numbers. */
  hasNumbers(row: number, numbers: readonly number[]): boolean {
    const start = this.#starts[row] ?? 0;
    if (this.#numbers[start] !== numbers.length) return false;
    for (let index = 0; index < numbers.length; index += 1)
      if (this.#numbers[start + 1 + index] !== numbers[index]) return false;
    return true;
  }

  /** Leaves a row as it was. */
  retain(row: number): void {
    this.#left.push(row);
  }

  /** Leaves another row; unless a line cannot hold it. */
  keep(key: string, text: string, numbers: readonly number[]): void {
    if (key.includes('\t') || key.includes('\n') || text.includes('\n')) return;
    this.#fresh.push({ line: `${key}\t${text}`, numbers });
    this.#left.push(-this.#fresh.length);
  }

  /** What this command leaves. */
  toStored(): StoredRows {
    const lines: string[] = [];
    const numbers: number[] = [];
    for (const row of this.#left) {
      const fresh = this.#fresh[-row - 1];
      lines.push(fresh?.line ?? this.#lines[row] ?? '');
      if (fresh) numbers.push(fresh.numbers.length, ...fresh.numbers);
      else this.#copyNumbers(row, numbers);
    }
    return { lines, numbers };
  }

  #hasKey(row: number, key: string): boolean {
    const line = this.#lines[row];
    return line?.startsWith(key) === true && line.startsWith('\t', key.length);
  }

  #search(key: string): number {
    this.#byKey ??= new Map(this.#lines.map((line, row) => [line.slice(0, line.indexOf('\t')), row]));
    return this.#byKey.get(key) ?? -1;
  }

  #copyNumbers(row: number, to: number[]): void {
    const start = this.#starts[row] ?? 0;
    const end = start + (this.#numbers[start] ?? 0);
    for (let index = start; index <= end; index += 1) to.push(this.#numbers[index] ?? 0);
  }
}

function findStarts(rows: number, numbers: ArrayLike<number>): Int32Array {
  const starts = new Int32Array(rows);
  let start = 0;
  for (let row = 0; row < rows; row += 1) {
    starts[row] = start;
    start += 1 + (numbers[start] ?? 0);
  }
  return starts;
}
