import type { SqlDialect } from '../../sql/sql-dialect.ts';
import type { SqlTokens } from '../../sql/token/sql-tokens.ts';
import { tokenizeSql } from '../../sql/token/tokenize-sql.ts';

/** Tokens from `from` up to, without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where to look for a word: default the whole text. */
export interface WordPlace {
  readonly from?: number;
  readonly to?: number;
}

/** A text with what lies outside all of its parentheses: the words there are the ones that give a statement its shape. */
export class ShapedSql {
  readonly tokens: SqlTokens;
  /** The tokens outside parentheses and brackets, opening and closing ones included. */
  readonly top: readonly number[];

  constructor(text: string, dialect: SqlDialect) {
    this.tokens = tokenizeSql(text, dialect).tokens;
    this.top = findTopLevel(this.tokens);
  }

  get count(): number {
    return this.tokens.count;
  }

  /** The first token outside parentheses that is one of the words; `to` when none is. */
  findWord(words: RegExp, { from = 0, to = this.count }: WordPlace = {}): number {
    return this.top.find((at) => at >= from && at < to && words.test(this.tokens.word(at))) ?? to;
  }

  /** The text of the tokens. */
  cut({ from, to }: Span): string {
    const { tokens } = this;
    return to > from ? tokens.source.slice(tokens.start(from), tokens.end(to - 1)) : '';
  }

  /** The text of a name without its quotes. */
  nameAt(at: number): string {
    return this.tokens.text(at).replaceAll(/^[`"[]|[`"\]]$/g, '');
  }

  /** The token that closes the parenthesis at `open`; the end of the text when none does. */
  findClose(open: number): number {
    let depth = 0;
    for (let at = open; at < this.count; at += 1) {
      const symbol = this.tokens.symbol(at);
      if (symbol === '(' || symbol === '[') depth += 1;
      if (symbol === ')' || symbol === ']') depth -= 1;
      if (depth === 0) return at;
    }
    return this.count;
  }

  /** The items of a list, between the commas of `span` that lie in no parentheses opened within it. */
  splitList({ from, to }: Span): readonly Span[] {
    const items: Span[] = [];
    let depth = 0;
    let first = from;
    for (let at = from; at < to; at += 1) {
      const symbol = this.tokens.symbol(at);
      if (symbol === '(' || symbol === '[') depth += 1;
      if (symbol === ')' || symbol === ']') depth -= 1;
      if (symbol !== ',' || depth > 0) continue;
      items.push({ from: first, to: at });
      first = at + 1;
    }
    if (to > first) items.push({ from: first, to });
    return items;
  }
}

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
