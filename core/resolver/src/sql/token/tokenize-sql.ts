import { type DialectRules, getDialectRules, type SqlDialect } from '../sql-dialect.ts';
import { findCommentEnd, isIgnoreMarker } from './sql-comment.ts';
import { findQuoteEnd } from './sql-quote.ts';
import { NO_VALUE, SqlTokens, TokenKind } from './sql-tokens.ts';

/** Tokens, and where what never ends begins. */
export interface TokenizedSql {
  readonly tokens: SqlTokens;
  readonly unterminated: readonly number[];
}

/** Takes a text apart. Never throws; linear in the length of the text. */
export function tokenizeSql(source: string, dialect: SqlDialect): TokenizedSql {
  const scan: Scan = {
    source,
    rules: getDialectRules(dialect),
    tokens: new SqlTokens(source),
    unterminated: [],
    templateEnds: new Map(),
  };
  let at = 0;
  while (at < source.length) at = readNext(scan, at);
  return scan;
}

interface Scan {
  readonly source: string;
  readonly rules: DialectRules;
  readonly tokens: SqlTokens;
  readonly unterminated: number[];
  /** Where the next end of a template lies, by its spelling: looked for once, however many begin before it. */
  readonly templateEnds: Map<string, number>;
}

function readNext(scan: Scan, at: number): number {
  const { source, rules, tokens } = scan;
  const code = source.charCodeAt(at);
  if (isSpace(code)) return at + 1;
  if (isWordCode(code)) return readWord(scan, at);
  const comment = findCommentEnd(source, at, rules);
  if (comment) return finishComment(scan, at, comment);
  const char = source[at] ?? '';
  if (rules.stringQuotes.includes(char)) return readQuoted(scan, at, TokenKind.string);
  if (rules.nameQuotes.includes(char)) return readQuoted(scan, at, TokenKind.quotedName);
  if (char === '$') return readDollar(scan, at);
  if (char === '{' && source[at + 1] === '{') return readTemplate(scan, at, '}}');
  if (char === '<' && source.startsWith(NO_VALUE, at)) return readNoValue(scan, at);
  tokens.add(TokenKind.symbol, at, at + 1);
  return at + 1;
}

interface Ending {
  readonly end: number;
  readonly terminated: boolean;
}

function finishComment(scan: Scan, at: number, { end, terminated }: Ending): number {
  if (!terminated) scan.unterminated.push(at);
  if (isIgnoreMarker(scan.source, at, end)) scan.tokens.markNext();
  return end;
}

function readWord({ source, tokens }: Scan, at: number): number {
  let end = at + 1;
  while (end < source.length && (isWordCode(source.charCodeAt(end)) || source[end] === '$')) end += 1;
  const last = tokens.count - 1;
  const before = last >= 0 && tokens.end(last) === at ? tokens.symbol(last) : '';
  // A dot with spaces after it joins a path too.
  const isPlain = before === '@' || before === ':' || tokens.symbol(last) === '.';
  tokens.add(isPlain ? TokenKind.name : TokenKind.word, at, end);
  return end;
}

function readQuoted(scan: Scan, at: number, kind: typeof TokenKind.string | typeof TokenKind.quotedName) {
  const { end, terminated } = findQuoteEnd(scan.source, at, {
    rules: scan.rules,
    kind: kind === TokenKind.string ? 'string' : 'name',
    prefix: findPrefix(scan.tokens, at),
  });
  if (!terminated) scan.unterminated.push(at);
  scan.tokens.add(kind, at, end);
  return end;
}

/** The letters that touch a quote from the left, in upper case: `R`, `E`, `RB`. */
function findPrefix(tokens: SqlTokens, at: number): string {
  const last = tokens.count - 1;
  return last >= 0 && tokens.end(last) === at && at - tokens.start(last) <= 2 ? tokens.word(last) : '';
}

function readDollar(scan: Scan, at: number): number {
  const { source, rules, tokens } = scan;
  if (source[at + 1] === '{') return readTemplate(scan, at, '}');
  const tag = rules.dollarStrings ? readDollarTag(source, at) : undefined;
  if (tag !== undefined) {
    const close = source.indexOf(tag, at + tag.length);
    if (close < 0) scan.unterminated.push(at);
    const end = close < 0 ? source.length : close + tag.length;
    tokens.add(TokenKind.string, at, end);
    return end;
  }
  tokens.add(TokenKind.symbol, at, at + 1);
  return at + 1;
}

const LONGEST_TAG = 63;

function readDollarTag(source: string, at: number): string | undefined {
  let end = at + 1;
  while (end - at <= LONGEST_TAG && isWordCode(source.charCodeAt(end))) end += 1;
  const first = source.charCodeAt(at + 1);
  return source[end] === '$' && !(first >= 48 && first <= 57) ? source.slice(at, end + 1) : undefined;
}

function readTemplate({ source, tokens, templateEnds }: Scan, at: number, close: string): number {
  let found = templateEnds.get(close) ?? -1;
  if (found < at) {
    found = source.indexOf(close, at);
    if (found < 0) found = Number.POSITIVE_INFINITY;
    templateEnds.set(close, found);
  }
  const isTemplate = found - at < LONGEST_TEMPLATE;
  const end = isTemplate ? found + close.length : at + 1;
  tokens.add(isTemplate ? TokenKind.template : TokenKind.symbol, at, end);
  return end;
}

const LONGEST_TEMPLATE = 4096;

function readNoValue({ tokens }: Scan, at: number): number {
  tokens.add(TokenKind.template, at, at + NO_VALUE.length);
  return at + NO_VALUE.length;
}

function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0xfeff;
}

/** Letters, digits, `_`, and everything beyond ASCII. */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    (code > 127 && code !== 0xa0 && code !== 0xfeff)
  );
}
