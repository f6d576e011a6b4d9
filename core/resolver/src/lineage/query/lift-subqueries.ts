import type { SqlDialect } from '../../sql/sql-dialect.ts';
import type { NamedQuery } from './take-apart.ts';
import { ShapedSql } from './token-span.ts';

/** A select whose FROM has names only, and the queries behind those. */
export interface LiftedSelect {
  readonly sql: string;
  readonly subqueries: readonly NamedQuery[];
}

/** Gives every query in FROM and JOIN a name: `FROM (SELECT …) x` becomes `FROM subquery_1_ AS x`. One that sees its neighbours stays. */
export function liftSubqueries(text: string, dialect: SqlDialect): LiftedSelect {
  const sql = new ShapedSql(text, dialect);
  const { tokens } = sql;
  const subqueries: NamedQuery[] = [];
  let lifted = '';
  let copied = 0;
  for (const open of sql.top) {
    if (tokens.symbol(open) !== '(' || !isQuery(sql, open + 1) || !isTablePlace(sql, open)) continue;
    const close = sql.findClose(open);
    if (close === sql.count) break;
    const name = `subquery_${subqueries.length + 1}_`;
    subqueries.push({ name, columns: [], sql: sql.cut({ from: open + 1, to: close }) });
    lifted += `${tokens.source.slice(copied, tokens.start(open))}${name}`;
    copied = tokens.end(close);
  }
  return { sql: lifted + tokens.source.slice(copied), subqueries };
}

function isQuery({ tokens }: ShapedSql, at: number): boolean {
  if (tokens.symbol(at) === '(') return /^(?:SELECT|WITH|FROM)$/.test(tokens.word(at + 1));
  return /^(?:SELECT|WITH|FROM)$/.test(tokens.word(at));
}

/** Behind FROM, JOIN, or a comma of the FROM clause. */
function isTablePlace({ tokens, top }: ShapedSql, open: number): boolean {
  if (/^(?:FROM|JOIN)$/.test(tokens.word(open - 1))) return true;
  if (tokens.symbol(open - 1) !== ',') return false;
  const clause = top.findLast((at) => at < open && CLAUSE.test(tokens.word(at)));
  return clause !== undefined && tokens.word(clause) === 'FROM';
}

const CLAUSE = /^(?:SELECT|FROM|WHERE|GROUP|HAVING|ORDER|QUALIFY|WINDOW|LIMIT)$/;
