import { findSqlTables } from '../sql/find-sql-tables.ts';
import type { SqlDialect } from '../sql/sql-dialect.ts';
import { locateOffsets } from '../sql/sql-position.ts';
import type { SqlPosition, TableRef } from '../sql/sql-tables.ts';
import { type SqlStatement, splitStatements } from './split-statements.ts';
import { toQueries } from './to-queries.ts';

/** A column of a table that the statement reads. */
export interface SourceColumn {
  /** The table's parts, as {@link TableRef} has them. */
  readonly table: readonly string[];
  readonly column: string;
}

/** A column that a statement makes, and what its values are computed from. */
export interface ColumnLineage {
  readonly column: string;
  readonly sources: readonly SourceColumn[];
}

/** The columns of one statement that reads tables. */
export interface StatementLineage {
  readonly position: SqlPosition;
  /** The table it fills or makes, if any. */
  readonly target: readonly string[] | undefined;
  readonly columns: readonly ColumnLineage[];
  /** Why columns are missing: a star without a schema, a statement that the parser does not know. */
  readonly gaps: readonly string[];
}

/** What a parser says of the columns of one statement; tables are names as written, dots between their parts. */
export interface AnalyzedColumns {
  readonly columns: ReadonlyArray<{
    readonly column: string;
    readonly sources: ReadonlyArray<{ readonly table: string; readonly column: string }>;
  }>;
  readonly gaps: readonly string[];
}

/** A parser of whole statements. It never rejects: what it does not understand is a gap. */
export interface ColumnAnalyzer {
  analyze(statement: string, dialect: SqlDialect): Promise<AnalyzedColumns>;
}

/**
 * The columns of every statement of a script that reads tables. Meant for the background: a parser takes milliseconds a statement.
 * What the parser takes for a table and is none, as the scanner knows, counts as a gap, so that no source is made up.
 */
export async function computeColumnLineage(
  script: string,
  dialect: SqlDialect,
  analyzer: ColumnAnalyzer,
): Promise<readonly StatementLineage[]> {
  const statements = splitStatements(script, dialect);
  const positions = locateOffsets(
    script,
    statements.map(({ offset }) => offset),
  );
  const lineages: StatementLineage[] = [];
  for (const statement of statements) {
    const lineage = await computeStatement(statement, dialect, analyzer);
    const position = positions.get(statement.offset) ?? { offset: 0, line: 1, column: 1 };
    if (lineage) lineages.push({ ...lineage, position });
  }
  return lineages;
}

async function computeStatement({ sql }: SqlStatement, dialect: SqlDialect, analyzer: ColumnAnalyzer) {
  const { reads, ignored, writes } = findSqlTables(sql, dialect);
  if (reads.length + ignored.length === 0) return undefined;
  const analyzed = await Promise.all(
    toQueries(sql, dialect).map((query) => analyzer.analyze(query, dialect)),
  );
  // What a table is changed to may be computed from what it held.
  const tables = new Map([...reads, ...ignored, ...writes].map((table) => [toKey(table), table.parts]));
  const unknown = analyzed
    .flatMap(({ columns }) => columns.flatMap(({ sources }) => sources.map(({ table }) => table)))
    .filter((table) => !tables.has(table.toLowerCase()))
    .map((table) => `"${table}" is no table that the statement reads`);
  const columns = uniteColumns(analyzed, tables);
  const gaps = [...new Set([...analyzed.flatMap((answer) => answer.gaps), ...unknown])];
  if (columns.length + gaps.length === 0) gaps.push('no column has a name');
  return { target: writes[0]?.parts, columns, gaps };
}

/** Each column once, with the sources of all branches that compute it. */
function uniteColumns(
  analyzed: readonly AnalyzedColumns[],
  tables: ReadonlyMap<string, readonly string[]>,
): readonly ColumnLineage[] {
  const united = new Map<string, Map<string, SourceColumn>>();
  for (const { column, sources } of analyzed.flatMap(({ columns }) => columns)) {
    const known = united.get(column) ?? new Map<string, SourceColumn>();
    united.set(column, known);
    for (const source of sources) {
      const table = tables.get(source.table.toLowerCase());
      if (table) known.set([...table, source.column].join('\0'), { table, column: source.column });
    }
  }
  return [...united].map(([column, sources]) => ({ column, sources: [...sources.values()] }));
}

function toKey({ parts }: TableRef): string {
  return parts.join('.').toLowerCase();
}
