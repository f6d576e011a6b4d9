import type { ColumnTransform, RowInfluence } from '@optimus/domain';
import type { SqlDialect } from '../sql/sql-dialect.ts';

/** A column of what a select reads. */
export interface AnalyzedSource {
  /** As written, dots between its parts, without quotes; undefined when the parser cannot tell of several. */
  readonly table: string | undefined;
  readonly column: string;
}

/** A column of a select, in the order of its list; a star that could not be expanded is one of them. */
export interface AnalyzedColumn {
  /** Undefined when it has none of its own. */
  readonly name: string | undefined;
  readonly transform: ColumnTransform;
  readonly sources: readonly AnalyzedSource[];
  readonly isStar: boolean;
}

/** What a parser says of one select. */
export interface AnalyzedSelect {
  readonly columns: readonly AnalyzedColumn[];
  /** How many columns each of its stars stands for, in order; undefined where that is not known. */
  readonly starWidths: ReadonlyArray<number | undefined>;
  /** What it reads: tables and queries, each as written and by its alias; arrays are none. */
  readonly relations: ReadonlyArray<{ readonly name: string; readonly alias: string }>;
  readonly influences: ReadonlyArray<{ readonly how: RowInfluence; readonly source: AnalyzedSource }>;
  readonly gaps: readonly string[];
}

/** A table whose columns are known. */
export interface TableColumns {
  /** As the select writes it. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** A parser of selects that have no queries in FROM. It never rejects: what it does not understand is a gap. */
export interface ColumnAnalyzer {
  analyze(select: string, dialect: SqlDialect, tables: readonly TableColumns[]): Promise<AnalyzedSelect>;
}
