import type { TableColumns } from '../column-analyzer.ts';
import type { Relation } from './relation.ts';

/** The names that a query knows: its own, and those of what it lies in. */
export class QueryScope {
  readonly #outer: QueryScope | undefined;
  readonly #relations = new Map<string, { readonly name: string; readonly relation: Relation }>();

  constructor(outer?: QueryScope) {
    this.#outer = outer;
  }

  set(name: string, relation: Relation): void {
    this.#relations.set(name.toLowerCase(), { name, relation });
  }

  find(name: string): Relation | undefined {
    return this.#relations.get(name.toLowerCase())?.relation ?? this.#outer?.find(name);
  }

  /** What a parser is told of: relations whose columns are all known and whose names stand in the text. */
  listKnown(text: string): readonly TableColumns[] {
    const lower = text.toLowerCase();
    const known = new Map<string, TableColumns>();
    for (const [key, { name, relation }] of this.#chain()) {
      const isNamed = lower.includes(key.slice(key.lastIndexOf('.') + 1));
      if (known.has(key) || relation.isOpen || !isNamed) continue;
      known.set(key, {
        name,
        columns: relation.columns.map((column) => column.name).filter((column) => column !== ''),
      });
    }
    return [...known.values()];
  }

  *#chain(): Generator<readonly [string, { readonly name: string; readonly relation: Relation }]> {
    yield* this.#relations;
    if (this.#outer) yield* this.#outer.#chain();
  }
}
