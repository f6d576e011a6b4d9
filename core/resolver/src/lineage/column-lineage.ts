import type { RowInfluence } from '@optimus/domain';
import { findSqlTables } from '../sql/find-sql-tables.ts';
import type { SqlDialect } from '../sql/sql-dialect.ts';
import { locateOffsets } from '../sql/sql-position.ts';
import type { SqlPosition, SqlTables } from '../sql/sql-tables.ts';
import type { ColumnAnalyzer } from './column-analyzer.ts';
import { type Evaluation, evaluateQuery, rename } from './query/evaluate-query.ts';
import { QueryScope } from './query/query-scope.ts';
import { type Relation, type SourceColumn, toTable, uniteByName, uniteSources } from './query/relation.ts';
import { readStatementQueries, type StatementQuery } from './query/statement-query.ts';
import { type SqlStatement, splitStatements } from './split-statements.ts';

export type { SourceColumn };

/** A column that a statement makes, and what its values are computed from. */
export interface WrittenColumn {
  readonly column: string;
  readonly sources: readonly SourceColumn[];
}

/** A column that decides about rows without being among the values. */
export interface InfluencingColumn {
  readonly table: readonly string[];
  readonly column: string;
  readonly how: RowInfluence;
}

/** The columns of one statement that reads tables. */
export interface StatementLineage {
  readonly position: SqlPosition;
  /** The table it fills or makes, if any. */
  readonly target: readonly string[] | undefined;
  /** Whether it makes a table that only its script knows. */
  readonly isLocal: boolean;
  /** In the order of the query. */
  readonly columns: readonly WrittenColumn[];
  /** Whether these are all columns of what it writes. */
  readonly isWhole: boolean;
  readonly influences: readonly InfluencingColumn[];
  /** Why columns are missing: a star without a schema, a statement that the parser does not know. */
  readonly gaps: readonly string[];
}

/** What there is to know besides the script. */
export interface LineageInput {
  readonly script: string;
  readonly dialect: SqlDialect;
  /** The columns of a table that the script reads; undefined when they are not known. */
  readonly findColumns?: (table: readonly string[]) => readonly string[] | undefined;
}

/**
 * The columns of every statement of a script that computes any. Meant for the background: a parser takes milliseconds a select. What
 * the script makes on the way is seen through. No source is a table that the scanner knows to be none.
 */
export async function computeColumnLineage(
  input: LineageInput,
  analyzer: ColumnAnalyzer,
): Promise<readonly StatementLineage[]> {
  const statements = splitStatements(input.script, input.dialect);
  const positions = locateOffsets(
    input.script,
    statements.map(({ offset }) => offset),
  );
  const made = new QueryScope();
  const lineages: StatementLineage[] = [];
  for (const statement of statements) {
    const lineage = await computeStatement(input, { statement, made, analyzer });
    const position = positions.get(statement.offset) ?? { offset: 0, line: 1, column: 1 };
    if (lineage) lineages.push({ ...lineage, position });
  }
  return lineages;
}

interface StatementInput {
  readonly statement: SqlStatement;
  /** Tables that the script has made so far. */
  readonly made: QueryScope;
  readonly analyzer: ColumnAnalyzer;
}

async function computeStatement(
  input: LineageInput,
  { statement, made, analyzer }: StatementInput,
): Promise<Omit<StatementLineage, 'position'> | undefined> {
  const { dialect } = input;
  const { queries, made: name } = readStatementQueries(statement.sql, dialect);
  const tables = findSqlTables(statement.sql, dialect);
  if (queries.length === 0) return toUnread(tables);
  const evaluation: Evaluation = { dialect, analyzer, gaps: new Set(), influences: new Map() };
  const scope = toScope(input, tables, made);
  const relations: Relation[] = [];
  for (const { sql, columns = [] } of queries)
    relations.push(rename(await evaluateQuery(evaluation, sql, { scope, depth: 0 }), columns));
  const [only, ...others] = relations;
  const relation = only && others.length === 0 ? only : uniteByName(relations);
  if (name !== undefined) made.set(name, relation);
  return toLineage({
    evaluation,
    relation,
    queries,
    tables,
    isLocal: name !== undefined && tables.writes.length === 0,
  });
}

/** A statement without a query: of interest when it says so itself that it cannot be known. */
function toUnread({ problems }: SqlTables): Omit<StatementLineage, 'position'> | undefined {
  const gaps = problems.filter(({ kind }) => kind === 'unknown-statement').map(({ message }) => message);
  if (gaps.length === 0) return undefined;
  return { target: undefined, isLocal: true, columns: [], isWhole: false, influences: [], gaps };
}

/** The tables of the statement under the names it writes, but for those that the script has made. */
function toScope(input: LineageInput, tables: SqlTables, made: QueryScope): QueryScope {
  const scope = new QueryScope(made);
  for (const { parts } of [...tables.reads, ...tables.ignored, ...tables.writes]) {
    const name = parts.join('.');
    // What a table is changed to may be computed from what it held.
    if (!made.find(name)) scope.set(name, toTable(parts, input.findColumns?.(parts)));
  }
  return scope;
}

interface ComputedStatement {
  readonly evaluation: Evaluation;
  readonly relation: Relation;
  readonly queries: readonly StatementQuery[];
  readonly tables: SqlTables;
  readonly isLocal: boolean;
}

function toLineage({
  evaluation,
  relation,
  queries,
  tables,
  isLocal,
}: ComputedStatement): Omit<StatementLineage, 'position'> {
  const { columns, isOpen, rest } = relation;
  const gaps = new Set(evaluation.gaps);
  if (rest) gaps.add(`a star stands for the columns of ${rest.table.join('.')}, which are not known`);
  const named = columns.filter(({ name }) => name !== '');
  if (named.length === 0 && gaps.size === 0) gaps.add('no column has a name');
  const influences = [...evaluation.influences].flatMap(([how, sources]) =>
    uniteSources(sources).map(({ table, column }) => ({ table, column, how })),
  );
  return {
    target: tables.writes[0]?.parts,
    isLocal,
    columns: named.map(({ name, sources }) => ({ column: name, sources })),
    isWhole: !isOpen && queries.every(({ isWhole }) => isWhole),
    influences,
    gaps: [...gaps],
  };
}
