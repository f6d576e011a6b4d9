import type { ColumnTransform } from '@optimus/domain';

/** A column of a table that the statement reads, and how it comes in. */
export interface SourceColumn {
  /** The table's parts, as {@link TableRef} has them. */
  readonly table: readonly string[];
  readonly column: string;
  readonly transform: ColumnTransform;
}

/** A column of a query, and the table columns it is computed from. */
export interface RelationColumn {
  /** Empty when it has none: only its place says which it is. */
  readonly name: string;
  readonly sources: readonly SourceColumn[];
}

/** What is read under a name: a table, or the outcome of a query. */
export interface Relation {
  /** In order. */
  readonly columns: readonly RelationColumn[];
  /** The table whose other columns come through a star that could not be expanded. */
  readonly rest: Rest | undefined;
  /** Whether there may be columns that are not listed. */
  readonly isOpen: boolean;
}

export interface Rest {
  readonly table: readonly string[];
  /** Lower case. */
  readonly without: ReadonlySet<string>;
}

const RANKS = { direct: 0, expression: 1, aggregation: 2 } as const;

/** A table: every column is its own. */
export function toTable(table: readonly string[], columns: readonly string[] | undefined): Relation {
  const listed = (columns ?? []).map((name) => ({
    name,
    sources: [{ table, column: name, transform: 'direct' as const }],
  }));
  if (columns) return { columns: listed, rest: undefined, isOpen: false };
  return { columns: [], rest: { table, without: new Set() }, isOpen: true };
}

/** What a column of the relation is computed from; undefined when it has no such column. */
export function findSources({ columns, rest }: Relation, name: string): readonly SourceColumn[] | undefined {
  const wanted = name.toLowerCase();
  const found = columns.find((column) => column.name.toLowerCase() === wanted);
  if (found) return found.sources;
  if (!rest || rest.without.has(wanted)) return undefined;
  return [{ table: rest.table, column: name, transform: 'direct' }];
}

/** The stronger of two: an aggregate of an expression is an aggregate. */
export function combine(outer: ColumnTransform, inner: ColumnTransform): ColumnTransform {
  return RANKS[outer] >= RANKS[inner] ? outer : inner;
}

/** Each source once, with the strongest way it comes in. */
export function uniteSources(sources: readonly SourceColumn[]): readonly SourceColumn[] {
  const united = new Map<string, SourceColumn>();
  for (const source of sources) {
    const key = [...source.table, source.column.toLowerCase()].join('\0');
    const known = united.get(key);
    united.set(key, known ? { ...known, transform: combine(known.transform, source.transform) } : source);
  }
  return [...united.values()].sort(compareSources);
}

function compareSources(a: SourceColumn, b: SourceColumn): number {
  const [left, right] = [a, b].map(({ table, column }) => `${table.join('.')} ${column}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** The columns of united queries: by place where all are known, else by name. */
export function uniteRelations(relations: readonly Relation[]): Relation {
  const [first, ...others] = relations;
  if (!first) return { columns: [], rest: undefined, isOpen: false };
  if (others.length === 0) return first;
  const isSquare = relations.every(
    ({ isOpen, columns }) => !isOpen && columns.length === first.columns.length,
  );
  if (!isSquare) return uniteByName(relations);
  const columns = first.columns.map(({ name }, place) => ({
    name,
    sources: uniteSources(relations.flatMap((relation) => relation.columns[place]?.sources ?? [])),
  }));
  return { columns, rest: undefined, isOpen: false };
}

/** The columns of queries that write into one table, each under its name. */
export function uniteByName(relations: readonly Relation[]): Relation {
  const byName = Map.groupBy(
    relations.flatMap(({ columns }) => columns.filter(({ name }) => name !== '')),
    ({ name }) => name.toLowerCase(),
  );
  const columns = [...byName.values()].map((same) => ({
    name: same[0]?.name ?? '',
    sources: uniteSources(same.flatMap(({ sources }) => sources)),
  }));
  const tables = new Set(relations.map(({ rest }) => rest?.table.join('\0')));
  const isOpen = relations.some((relation) => relation.isOpen);
  return { columns, rest: tables.size === 1 ? relations[0]?.rest : undefined, isOpen };
}
