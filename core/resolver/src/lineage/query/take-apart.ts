import type { SqlDialect } from '../../sql/sql-dialect.ts';
import { ShapedSql } from './token-span.ts';

/** A query under a name, known to those after it. */
export interface NamedQuery {
  readonly name: string;
  /** What its list of columns calls them, by place; empty when it has none. */
  readonly columns: readonly string[];
  readonly sql: string;
}

/** A query without the table expressions before it. */
export interface QueryParts {
  /** Whether a table expression may read itself. */
  readonly isRecursive: boolean;
  readonly ctes: readonly NamedQuery[];
  /** Selects that are united; one that only takes rows away (EXCEPT, INTERSECT) is left out. */
  readonly branches: readonly string[];
}

/** Takes `WITH a AS (…), b AS (…) SELECT … UNION ALL SELECT …` apart, one level deep. Never throws. */
export function takeApart(text: string, dialect: SqlDialect): QueryParts {
  const sql = new ShapedSql(text, dialect);
  const inner = unwrap(sql);
  if (inner !== undefined) return takeApart(inner, dialect);
  const { ctes, end } = readCtes(sql);
  return { isRecursive: sql.tokens.word(1) === 'RECURSIVE', ctes, branches: readBranches(sql, end) };
}

/** What lies in the parentheses around the whole text. */
function unwrap(sql: ShapedSql): string | undefined {
  const close = sql.count - 1;
  if (sql.tokens.symbol(0) !== '(' || close < 1 || sql.findClose(0) !== close) return undefined;
  return sql.cut({ from: 1, to: close });
}

function readCtes(sql: ShapedSql): { readonly ctes: readonly NamedQuery[]; readonly end: number } {
  const { tokens } = sql;
  const ctes: NamedQuery[] = [];
  if (tokens.word(0) !== 'WITH') return { ctes, end: 0 };
  let at = tokens.word(1) === 'RECURSIVE' ? 2 : 1;
  for (;;) {
    const name = sql.nameAt(at);
    const hasColumns = tokens.symbol(at + 1) === '(';
    const listEnd = hasColumns ? sql.findClose(at + 1) : at;
    const columns = hasColumns ? sql.splitList({ from: at + 2, to: listEnd }) : [];
    const open = findOpen(sql, listEnd + 1);
    if (open === undefined) return { ctes, end: at };
    const close = sql.findClose(open);
    ctes.push({
      name,
      columns: columns.map(({ from }) => sql.nameAt(from)),
      sql: sql.cut({ from: open + 1, to: close }),
    });
    if (tokens.symbol(close + 1) !== ',') return { ctes, end: close + 1 };
    at = close + 2;
  }
}

/** The parenthesis behind `AS [NOT] [MATERIALIZED]`; Spark takes it without AS. */
function findOpen({ tokens }: ShapedSql, from: number): number | undefined {
  let at = from;
  while (/^(?:AS|NOT|MATERIALIZED)$/.test(tokens.word(at))) at += 1;
  return tokens.symbol(at) === '(' ? at : undefined;
}

function readBranches(sql: ShapedSql, from: number): readonly string[] {
  const { tokens } = sql;
  const branches: string[] = [];
  let first = from;
  let isKept = true;
  const keep = (to: number): void => {
    const text = sql.cut({ from: first, to });
    if (isKept && text !== '') branches.push(text);
  };
  for (const at of sql.top) {
    if (at < from || !isSetWord(sql, at)) continue;
    keep(at);
    isKept = tokens.word(at) === 'UNION';
    first = at + 1;
    while (/^(?:ALL|DISTINCT|BY|NAME|CORRESPONDING|OUTER)$/.test(tokens.word(first))) first += 1;
  }
  keep(sql.count);
  return branches;
}

/** `EXCEPT` behind a star names columns, `SELECT * EXCEPT (a)`. */
function isSetWord({ tokens }: ShapedSql, at: number): boolean {
  const word = tokens.word(at);
  if (word === 'UNION' || word === 'INTERSECT') return true;
  return (word === 'EXCEPT' || word === 'MINUS') && at > 0 && tokens.symbol(at - 1) !== '*';
}
