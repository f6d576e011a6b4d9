import type { TablePath } from './table-path.ts';

/** A place that names a table. */
export interface FoundTable {
  readonly path: TablePath;
  readonly use: 'read' | 'write' | 'create';
  readonly ignored: boolean;
}

/** The tables found so far. Some turn out to be none once more of the text is known, and are struck. */
export class FoundTables {
  readonly #found: FoundTable[] = [];
  readonly #struck = new Set<number>();
  readonly #readsByFirstPart = new Map<string, number[]>();

  /** Where the next table will stand; what {@link strikeReads} counts from. */
  get count(): number {
    return this.#found.length;
  }

  add(table: FoundTable): void {
    if (table.use === 'read') this.#index(table.path.key);
    this.#found.push(table);
  }

  /** Takes back the reads of `[from, to)` that begin with the name and are as long as wanted. */
  strikeReads(key: string, range: { readonly from: number; readonly to: number }, isWanted: PathTest): void {
    const places = this.#readsByFirstPart.get(key) ?? [];
    for (let last = places.length - 1; last >= 0; last -= 1) {
      const place = places[last] ?? 0;
      if (place < range.from) return;
      const table = this.#found[place];
      if (place < range.to && table && isWanted(table.path)) this.#struck.add(place);
    }
  }

  list(): readonly FoundTable[] {
    return this.#found.filter((_, place) => !this.#struck.has(place));
  }

  #index(key: string): void {
    const places = this.#readsByFirstPart.get(key);
    if (places) places.push(this.#found.length);
    else this.#readsByFirstPart.set(key, [this.#found.length]);
  }
}

type PathTest = (path: TablePath) => boolean;
