import type { SqlDialect } from '../sql/sql-dialect.ts';
import type { SqlTokens } from '../sql/token/sql-tokens.ts';
import { tokenizeSql } from '../sql/token/tokenize-sql.ts';

/**
 * Queries whose columns are those that a statement computes. `UPDATE t SET a = s.b FROM s` computes what
 * `SELECT s.b AS a FROM t CROSS JOIN s` does, and so does each branch of MERGE; parsers know queries best. Any other statement is
 * its own answer. Conditions are left out: they choose rows, not values.
 */
export function toQueries(statement: string, dialect: SqlDialect): readonly string[] {
  const { tokens } = tokenizeSql(statement, dialect);
  const top = findTopLevel(tokens);
  switch (tokens.word(0)) {
    case 'MERGE':
      return fromMerge(tokens, top) ?? [statement];
    case 'UPDATE':
      return fromUpdate(tokens, top) ?? [statement];
    case 'EXPORT':
      return fromExport(tokens, top) ?? [statement];
    default:
      return [statement];
  }
}

/** The tokens outside all parentheses, opening ones included. */
function findTopLevel(tokens: SqlTokens): readonly number[] {
  const top: number[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.count; at += 1) {
    const symbol = tokens.symbol(at);
    if (symbol === ')' || symbol === ']') depth = Math.max(0, depth - 1);
    if (depth === 0) top.push(at);
    if (symbol === '(' || symbol === '[') depth += 1;
  }
  return top;
}

/** The first token of `[from, to)` outside parentheses that is one of the words; `to` when none is. */
function findWord(
  tokens: SqlTokens,
  top: readonly number[],
  { words, from, to = tokens.count }: { readonly words: RegExp; readonly from: number; readonly to?: number },
): number {
  return top.find((at) => at >= from && at < to && words.test(tokens.word(at))) ?? to;
}

/** The text of the tokens of `[from, to)`. */
function cut(tokens: SqlTokens, from: number, to: number): string {
  return to > from ? tokens.source.slice(tokens.start(from), tokens.end(to - 1)) : '';
}

function fromMerge(tokens: SqlTokens, top: readonly number[]): readonly string[] | undefined {
  const using = findWord(tokens, top, { words: /^USING$/, from: 1 });
  const on = findWord(tokens, top, { words: /^ON$/, from: using });
  if (on === tokens.count) return undefined;
  const target = cut(tokens, tokens.word(1) === 'INTO' ? 2 : 1, using);
  const source = cut(tokens, using + 1, on);
  const tables = `${target} CROSS JOIN ${source}`;
  const branches = top.filter((at) => at > on && tokens.word(at) === 'THEN');
  const queries = branches.flatMap((then) => {
    const end = findWord(tokens, top, { words: /^WHEN$/, from: then });
    const columns = readBranch(tokens, top, { from: then + 1, to: end });
    if (columns.length > 0) return [toSelect(columns, tables)];
    // INSERT ROW and UPDATE SET * take all of the source.
    return /^(?:DELETE|DO)$/.test(tokens.word(then + 1)) ? [] : [`SELECT * FROM ${source}`];
  });
  return queries.length > 0 ? queries : undefined;
}

function fromUpdate(tokens: SqlTokens, top: readonly number[]): readonly string[] | undefined {
  const set = findWord(tokens, top, { words: /^SET$/, from: 1 });
  const end = findWord(tokens, top, { words: /^(?:WHERE|RETURNING)$/, from: set });
  const from = findWord(tokens, top, { words: /^FROM$/, from: set, to: end });
  const columns = readAssignments(tokens, top, { from: set + 1, to: from });
  if (columns.length === 0) return undefined;
  const others = from < end ? ` CROSS JOIN ${cut(tokens, from + 1, end)}` : '';
  return [toSelect(columns, cut(tokens, 1, set) + others)];
}

function fromExport(tokens: SqlTokens, top: readonly number[]): readonly string[] | undefined {
  const as = findWord(tokens, top, { words: /^AS$/, from: 1 });
  return as < tokens.count ? [cut(tokens, as + 1, tokens.count)] : undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A column that is written, and the expression for it, both as they stand in the text. */
interface Assignment {
  readonly column: string;
  readonly expression: string;
}

function toSelect(columns: readonly Assignment[], tables: string): string {
  return `SELECT ${columns.map(({ column, expression }) => `${expression} AS ${column}`).join(', ')} FROM ${tables}`;
}

function readBranch(tokens: SqlTokens, top: readonly number[], { from, to }: Span): readonly Assignment[] {
  if (tokens.word(from) === 'UPDATE') return readAssignments(tokens, top, { from: from + 2, to });
  const values = findWord(tokens, top, { words: /^VALUES$/, from, to });
  if (tokens.word(from) !== 'INSERT' || values === to || tokens.symbol(from + 1) !== '(') return [];
  const columns = splitList(tokens, from + 2).map(({ from: at }) => tokens.text(at));
  const expressions = splitList(tokens, values + 2).map((span) => cut(tokens, span.from, span.to));
  return columns
    .map((column, place) => ({ column, expression: expressions[place] ?? 'DEFAULT' }))
    .filter(isComputed);
}

function readAssignments(
  tokens: SqlTokens,
  top: readonly number[],
  { from, to }: Span,
): readonly Assignment[] {
  const commas = top.filter((at) => at >= from && at < to && tokens.symbol(at) === ',');
  return [...commas, to]
    .map((end, place) => ({ from: place === 0 ? from : (commas[place - 1] ?? from) + 1, to: end }))
    .flatMap((span) => readAssignment(tokens, top, span))
    .filter(isComputed);
}

function readAssignment(
  tokens: SqlTokens,
  top: readonly number[],
  { from, to }: Span,
): readonly Assignment[] {
  const equals = top.find((at) => at > from && at < to && tokens.symbol(at) === '=');
  if (equals === undefined || !tokens.isName(equals - 1)) return [];
  return [{ column: tokens.text(equals - 1), expression: cut(tokens, equals + 1, to) }];
}

function isComputed({ expression }: Assignment): boolean {
  return expression !== '' && expression.toUpperCase() !== 'DEFAULT';
}

/** The items of a list, from its first token to the parenthesis that closes it. */
function splitList(tokens: SqlTokens, first: number): readonly Span[] {
  const items: Span[] = [];
  let depth = 0;
  let from = first;
  for (let at = first; at <= tokens.count; at += 1) {
    const symbol = tokens.symbol(at);
    const ends = at === tokens.count || (depth === 0 && symbol === ')');
    if (ends || (depth === 0 && symbol === ',')) {
      items.push({ from, to: at });
      from = at + 1;
    }
    if (ends) break;
    if (symbol === '(' || symbol === '[') depth += 1;
    if (symbol === ')' || symbol === ']') depth -= 1;
  }
  return items;
}
