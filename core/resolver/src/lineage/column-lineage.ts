import { findSqlTables } from '../sql/find-sql-tables.ts';
import type { SqlDialect } from '../sql/sql-dialect.ts';
import { locateOffsets } from '../sql/sql-position.ts';
import type { SqlPosition, TableRef } from '../sql/sql-tables.ts';
import { type SqlStatement, splitStatements } from './split-statements.ts';

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
  const analyzed = await analyzer.analyze(sql, dialect);
  const tables = new Map([...reads, ...ignored].map((table) => [toKey(table), table.parts]));
  const columns = analyzed.columns.map(({ column, sources }) => ({
    column,
    sources: sources.flatMap((source): readonly SourceColumn[] => {
      const table = tables.get(source.table.toLowerCase());
      return table ? [{ table, column: source.column }] : [];
    }),
  }));
  const unknown = analyzed.columns
    .flatMap(({ sources }) => sources.map(({ table }) => table))
    .filter((table) => !tables.has(table.toLowerCase()));
  return {
    target: writes[0]?.parts,
    columns,
    gaps: [
      ...analyzed.gaps,
      ...[...new Set(unknown)].map((table) => `"${table}" is no table that the statement reads`),
    ],
  };
}

function toKey({ parts }: TableRef): string {
  return parts.join('.').toLowerCase();
}
