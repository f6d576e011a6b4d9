import type { SqlDialect } from '../../sql/sql-dialect.ts';
import { ShapedSql, type Span } from './token-span.ts';

/** A query whose columns are those that a statement computes. */
export interface StatementQuery {
  readonly sql: string;
  /** What the statement calls the columns, by place; absent: what the query calls them. */
  readonly columns?: readonly string[];
  /** Whether these are all columns of what it writes. */
  readonly isWhole: boolean;
}

/** The queries of a statement, and what it makes of them. */
export interface QueriedStatement {
  readonly queries: readonly StatementQuery[];
  /** The name of the table or view that it makes, temporary ones too, lower case, without quotes. */
  readonly made: string | undefined;
}

/**
 * The queries that compute what a statement writes: parsers know queries best. `UPDATE t SET a = s.b FROM s` computes what
 * `SELECT s.b AS a FROM t CROSS JOIN s` does, and so does each branch of MERGE. None for a statement that computes no columns.
 */
export function readStatementQueries(statement: string, dialect: SqlDialect): QueriedStatement {
  const sql = new ShapedSql(statement, dialect);
  const made = readMade(sql);
  return { queries: readQueries(sql), made };
}

function readQueries(sql: ShapedSql): readonly StatementQuery[] {
  switch (sql.tokens.word(0)) {
    case 'MERGE':
      return fromMerge(sql);
    case 'UPDATE':
      return fromUpdate(sql);
    case 'EXPORT':
    case 'CREATE':
      return fromDefinition(sql);
    case 'INSERT':
      return fromInsert(sql, 0);
    case 'WITH':
      return fromWith(sql);
    case 'SELECT':
    case 'FROM':
      return [{ sql: sql.tokens.source, isWhole: true }];
    default:
      return sql.tokens.symbol(0) === '(' ? [{ sql: sql.tokens.source, isWhole: true }] : [];
  }
}

/** `CREATE … TABLE [IF NOT EXISTS] name`. */
function readMade(sql: ShapedSql): string | undefined {
  const { tokens } = sql;
  if (tokens.word(0) !== 'CREATE') return undefined;
  const noun = sql.findWord(/^(?:TABLE|VIEW)$/, { to: Math.min(8, sql.count) });
  if (!/^(?:TABLE|VIEW)$/.test(tokens.word(noun))) return undefined;
  const first = tokens.word(noun + 1) === 'IF' ? noun + 4 : noun + 1;
  let end = first + 1;
  while (tokens.symbol(end) === '.' || (tokens.symbol(end - 1) === '.' && tokens.isName(end))) end += 1;
  return sql
    .cut({ from: first, to: end })
    .replaceAll(/[`"\s]/g, '')
    .toLowerCase();
}

/** Behind a list of table expressions there is a query, or an INSERT that takes them along. */
function fromWith(sql: ShapedSql): readonly StatementQuery[] {
  const insert = sql.findWord(/^INSERT$/, { from: 1 });
  if (insert === sql.count) return [{ sql: sql.tokens.source, isWhole: true }];
  const list = sql.cut({ from: 0, to: insert });
  return fromInsert(sql, insert).map((query) => ({ ...query, sql: `${list} ${query.sql}` }));
}

/** `CREATE TABLE t … AS query`, `EXPORT DATA … AS query`. */
function fromDefinition(sql: ShapedSql): readonly StatementQuery[] {
  const as = sql.top.find(
    (at) =>
      sql.tokens.word(at) === 'AS' &&
      (/^(?:SELECT|WITH|FROM)$/.test(sql.tokens.word(at + 1)) || sql.tokens.symbol(at + 1) === '('),
  );
  return as === undefined ? [] : [{ sql: sql.cut({ from: as + 1, to: sql.count }), isWhole: true }];
}

/** `INSERT INTO t [(a, b)] query`. */
function fromInsert(sql: ShapedSql, insert: number): readonly StatementQuery[] {
  const { tokens } = sql;
  const start = sql.top.find(
    (at) => at > insert && (/^(?:SELECT|WITH|FROM)$/.test(tokens.word(at)) || isQueryOpen(sql, at)),
  );
  if (start === undefined) return [];
  // Returning rows is no part of the query; conflicts are settled row by row.
  const end = sql.top.find((at) => at > start && (tokens.word(at) === 'RETURNING' || isOnConflict(sql, at)));
  const list = sql.top.find((at) => at > insert && at < start && tokens.symbol(at) === '(');
  const query = sql.cut({ from: start, to: end ?? sql.count });
  const isList = list !== undefined && tokens.word(list - 1) !== 'PARTITION';
  if (!isList) return [{ sql: query, isWhole: true }];
  const columns = sql
    .splitList({ from: list + 1, to: sql.findClose(list) })
    .map(({ from }) => sql.nameAt(from));
  return [{ sql: query, columns, isWhole: false }];
}

function isQueryOpen({ tokens }: ShapedSql, at: number): boolean {
  return tokens.symbol(at) === '(' && /^(?:SELECT|WITH|FROM)$/.test(tokens.word(at + 1));
}

function isOnConflict({ tokens }: ShapedSql, at: number): boolean {
  return tokens.word(at) === 'ON' && tokens.word(at + 1) === 'CONFLICT';
}

function fromMerge(sql: ShapedSql): readonly StatementQuery[] {
  const { tokens } = sql;
  const using = sql.findWord(/^USING$/, { from: 1 });
  const on = sql.findWord(/^ON$/, { from: using });
  const when = sql.findWord(/^WHEN$/, { from: on });
  if (when === sql.count) return [];
  const target = sql.cut({ from: tokens.word(1) === 'INTO' ? 2 : 1, to: using });
  const source = sql.cut({ from: using + 1, to: on });
  const tables = `${target} JOIN ${source} ON ${sql.cut({ from: on + 1, to: when })}`;
  return sql.top
    .filter((at) => at > on && tokens.word(at) === 'THEN')
    .flatMap((then): readonly StatementQuery[] => {
      const to = sql.findWord(/^WHEN$/, { from: then });
      const columns = readBranch(sql, { from: then + 1, to });
      if (columns.length > 0) return [{ sql: toSelect(columns, tables), isWhole: false }];
      // INSERT ROW and UPDATE SET * take all of the source.
      const isOther = /^(?:DELETE|DO)$/.test(tokens.word(then + 1));
      return isOther ? [] : [{ sql: `SELECT * FROM ${source}`, isWhole: true }];
    });
}

function fromUpdate(sql: ShapedSql): readonly StatementQuery[] {
  const set = sql.findWord(/^SET$/, { from: 1 });
  const end = sql.findWord(/^RETURNING$/, { from: set });
  const where = sql.findWord(/^WHERE$/, { from: set, to: end });
  const from = sql.findWord(/^FROM$/, { from: set, to: where });
  const columns = readAssignments(sql, { from: set + 1, to: from });
  if (columns.length === 0) return [];
  const others = from < where ? ` CROSS JOIN ${sql.cut({ from: from + 1, to: where })}` : '';
  const condition = where < end ? ` ${sql.cut({ from: where, to: end })}` : '';
  const tables = sql.cut({ from: 1, to: set }) + others + condition;
  return [{ sql: toSelect(columns, tables), isWhole: false }];
}

/** A column that is written, and the expression for it, both as they stand in the text. */
interface Assignment {
  readonly column: string;
  readonly expression: string;
}

function toSelect(columns: readonly Assignment[], tables: string): string {
  return `SELECT ${columns.map(({ column, expression }) => `${expression} AS ${column}`).join(', ')} FROM ${tables}`;
}

function readBranch(sql: ShapedSql, { from, to }: Span): readonly Assignment[] {
  const { tokens } = sql;
  if (tokens.word(from) === 'UPDATE') return readAssignments(sql, { from: from + 2, to });
  const values = sql.findWord(/^VALUES$/, { from, to });
  if (tokens.word(from) !== 'INSERT' || values === to || tokens.symbol(from + 1) !== '(') return [];
  const listAt = (open: number): readonly Span[] =>
    sql.splitList({ from: open + 1, to: sql.findClose(open) });
  const expressions = listAt(values + 1).map((span) => sql.cut(span));
  return listAt(from + 1)
    .map((span, place) => ({
      column: tokens.text(span.to - 1),
      expression: expressions[place] ?? 'DEFAULT',
    }))
    .filter(isComputed);
}

function readAssignments(sql: ShapedSql, span: Span): readonly Assignment[] {
  return sql
    .splitList(span)
    .flatMap((item) => readAssignment(sql, item))
    .filter(isComputed);
}

function readAssignment(sql: ShapedSql, { from, to }: Span): readonly Assignment[] {
  const equals = sql.top.find((at) => at > from && at < to && sql.tokens.symbol(at) === '=');
  if (equals === undefined || !sql.tokens.isName(equals - 1)) return [];
  return [{ column: sql.tokens.text(equals - 1), expression: sql.cut({ from: equals + 1, to }) }];
}

function isComputed({ expression }: Assignment): boolean {
  return expression !== '' && expression.toUpperCase() !== 'DEFAULT';
}
