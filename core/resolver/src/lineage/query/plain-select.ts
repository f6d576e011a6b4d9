import type { SqlDialect } from '../../sql/sql-dialect.ts';
import { ShapedSql, type Span } from './token-span.ts';

/** What is said of the columns of a star: `* EXCEPT (a) RENAME (b AS c)`. */
export interface StarItem {
  /** Its place among the items of the list, from 0. */
  readonly place: number;
  /** `t` in `t.*`. */
  readonly qualifier: string | undefined;
  /** Lower case. */
  readonly without: ReadonlySet<string>;
  readonly renamed: ReadonlyMap<string, string>;
}

/** A select that says no more than every parser knows. */
export interface PlainSelect {
  readonly sql: string;
  /** Items of its list, stars among them; undefined for a select without a list. */
  readonly itemCount: number | undefined;
  readonly stars: readonly StarItem[];
}

/**
 * Writes the list of a select in the words that parsers agree on: a path such as `a.b.c` gets the name it has anyway, and what is said
 * of the columns of a star is told apart from it. Replaced columns move to the end.
 */
export function toPlainSelect(text: string, dialect: SqlDialect): PlainSelect {
  const sql = new ShapedSql(text, dialect);
  const list = findList(sql);
  if (!list) return { sql: text, itemCount: undefined, stars: [] };
  const items = sql.splitList(list).map((span, place) => readItem(sql, span, place));
  const replaced = items.flatMap(({ extra }) => extra);
  const written = [...items.map((item) => item.text), ...replaced].join(', ');
  const { tokens } = sql;
  const start = tokens.start(list.from);
  const end = tokens.end(list.to - 1);
  return {
    sql: `${text.slice(0, start)}${written}${text.slice(end)}`,
    itemCount: items.length + replaced.length,
    stars: items.flatMap(({ star }) => star ?? []),
  };
}

function findList(sql: ShapedSql): Span | undefined {
  const { tokens } = sql;
  if (tokens.word(0) !== 'SELECT') return undefined;
  let from = 1;
  while (/^(?:DISTINCT|ALL|AS|STRUCT|VALUE)$/.test(tokens.word(from)) && tokens.symbol(from + 1) !== '.')
    from += 1;
  // DISTINCT ON (…)
  if (tokens.word(from) === 'ON' && tokens.symbol(from + 1) === '(') from = sql.findClose(from + 1) + 1;
  const to = sql.findWord(/^(?:FROM|WHERE|GROUP|HAVING|ORDER|QUALIFY|WINDOW|LIMIT|INTO|LATERAL)$/, { from });
  return to > from ? { from, to } : undefined;
}

interface Item {
  readonly text: string;
  readonly extra: readonly string[];
  readonly star?: StarItem;
}

function readItem(sql: ShapedSql, span: Span, place: number): Item {
  const star = findStar(sql, span);
  if (star === undefined) return { text: nameItem(sql, span), extra: [] };
  const without = new Set<string>();
  const renamed = new Map<string, string>();
  const extra: string[] = [];
  for (let at = star + 1; at < span.to; ) {
    const word = sql.tokens.word(at);
    const end = sql.tokens.symbol(at + 1) === '(' ? sql.findClose(at + 1) + 1 : at + 2;
    for (const inner of listBehind(sql, at, end)) {
      const last = sql.nameAt(inner.to - 1);
      const first = sql.nameAt(inner.from).toLowerCase();
      if (word === 'RENAME') renamed.set(first, last);
      else without.add(last.toLowerCase());
      if (word === 'REPLACE') extra.push(sql.cut(inner));
    }
    at = end;
  }
  const qualifier = star > span.from ? sql.nameAt(star - 2) : undefined;
  return {
    text: sql.cut({ from: span.from, to: star + 1 }),
    extra,
    star: { place, qualifier, without, renamed },
  };
}

/** The names behind EXCEPT, EXCLUDE, REPLACE, RENAME: a list in parentheses, or one. */
function listBehind(sql: ShapedSql, at: number, end: number): readonly Span[] {
  if (!/^(?:EXCEPT|EXCLUDE|REPLACE|RENAME)$/.test(sql.tokens.word(at))) return [];
  const hasList = sql.tokens.symbol(at + 1) === '(';
  return hasList ? sql.splitList({ from: at + 2, to: end - 1 }) : [{ from: at + 1, to: end }];
}

/** The star of `*`, `t.*`, `p.d.t.*`; a product has something before it. */
function findStar({ tokens }: ShapedSql, { from, to }: Span): number | undefined {
  let at = from;
  while (at < to && tokens.isName(at) && tokens.symbol(at + 1) === '.') at += 2;
  return at < to && tokens.symbol(at) === '*' ? at : undefined;
}

/** `a.b.c` is called `c`. */
function nameItem(sql: ShapedSql, span: Span): string {
  const { tokens } = sql;
  const text = sql.cut(span);
  if (span.to - span.from < 3 || /^\d/.test(text)) return text;
  for (let at = span.from; at < span.to; at += 2) {
    const isLast = at === span.to - 1;
    if (!tokens.isName(at) || (!isLast && tokens.symbol(at + 1) !== '.')) return text;
  }
  return (span.to - span.from) % 2 === 1 ? `${text} AS ${tokens.text(span.to - 1)}` : text;
}
