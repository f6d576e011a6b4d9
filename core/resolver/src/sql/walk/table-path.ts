import { type DialectRules, foldName } from '../sql-dialect.ts';
import { unquoteName } from '../token/sql-quote.ts';
import { NO_VALUE, type SqlTokens, TokenKind } from '../token/sql-tokens.ts';

/** The name of a table as it stands in the text. */
export interface TablePath {
  readonly parts: readonly string[];
  /** The first part as aliases and common table expressions are compared. */
  readonly key: string;
  /** Whether the first part stands alone, so that it may be the alias of another table. */
  readonly dotted: boolean;
  /** Whether a part holds what a template left behind. */
  readonly templated: boolean;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  /** The first token after it. */
  readonly next: number;
}

/** Reads the name that begins at a token; undefined when none does. */
export function readTablePath(tokens: SqlTokens, index: number, rules: DialectRules): TablePath | undefined {
  if (!beginsPath(tokens, index)) return undefined;
  const parts: Omit<NamePart, 'next'>[] = [];
  let next = index;
  for (;;) {
    const part = readPart(tokens, next, { rules, first: next === index });
    if (part) {
      parts.push(part);
      next = part.next;
    }
    if (tokens.symbol(next) !== '.') break;
    next += 1;
    if (tokens.symbol(next) === '.') parts.push(DEFAULT_SCHEMA);
    else if (!canContinue(tokens, next)) break;
  }
  return toTablePath({ parts, rules, offset: tokens.start(index), next });
}

interface NamePart {
  readonly text: string;
  readonly quoted: boolean;
  readonly templated: boolean;
  readonly next: number;
}

/** What `db..t` leaves out. */
const DEFAULT_SCHEMA: Omit<NamePart, 'next'> = { text: 'public', quoted: false, templated: false };

function beginsPath(tokens: SqlTokens, index: number): boolean {
  const kind = tokens.kind(index);
  if (kind === TokenKind.quotedName || kind === TokenKind.template) return true;
  return (kind === TokenKind.word || kind === TokenKind.name) && !/^\d/.test(tokens.text(index));
}

function canContinue(tokens: SqlTokens, index: number): boolean {
  return tokens.isName(index) || tokens.kind(index) === TokenKind.template;
}

function readPart(
  tokens: SqlTokens,
  index: number,
  { rules, first }: { readonly rules: DialectRules; readonly first: boolean },
): NamePart | undefined {
  if (!canContinue(tokens, index)) return undefined;
  if (tokens.kind(index) === TokenKind.quotedName) {
    const text = unquoteName(tokens.text(index));
    return { text, quoted: true, templated: hasTemplate(text), next: index + 1 };
  }
  const next = findPartEnd(tokens, index, first && rules.bigQueryPaths);
  const star = rules.bigQueryPaths && tokens.symbol(next) === '*' && tokens.touchesPrevious(next) ? 1 : 0;
  const text = tokens.source.slice(tokens.start(index), tokens.end(next + star - 1));
  return { text, quoted: false, templated: holdsTemplate(tokens, index, next), next: next + star };
}

/** A project may have dashes without quotes; what a template left behind joins what touches it. */
function findPartEnd(tokens: SqlTokens, index: number, dashes: boolean): number {
  let next = index + 1;
  for (;;) {
    if (!tokens.touchesPrevious(next)) return next;
    const joins = tokens.kind(next) === TokenKind.template || tokens.kind(next - 1) === TokenKind.template;
    if (joins && canContinue(tokens, next)) next += 1;
    else if (dashes && isDash(tokens, next)) next += 2;
    else return next;
  }
}

function isDash(tokens: SqlTokens, index: number): boolean {
  return (
    tokens.symbol(index) === '-' &&
    tokens.touchesPrevious(index + 1) &&
    tokens.kind(index + 1) === TokenKind.word
  );
}

function holdsTemplate(tokens: SqlTokens, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (tokens.kind(index) === TokenKind.template) return true;
  return false;
}

function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('${') || text.includes(NO_VALUE);
}

interface PathInput {
  readonly parts: ReadonlyArray<Omit<NamePart, 'next'>>;
  readonly rules: DialectRules;
  readonly offset: number;
  readonly next: number;
}

function toTablePath({ parts, rules, offset, next }: PathInput): TablePath {
  const split = parts.flatMap((part) =>
    rules.bigQueryPaths && part.quoted ? splitBigQueryPath(part.text) : [part.text],
  );
  const quoted = parts.length === split.length ? parts.map((part) => part.quoted) : [];
  const folded = split.map((text, place) => foldName(text, quoted[place] ?? true, rules));
  const [first = ''] = folded;
  return {
    parts: withoutDecorator(folded),
    key: toKey(first, rules),
    dotted: parts.length === split.length && split.length > 1,
    templated: parts.some(({ templated }) => templated),
    offset,
    next,
  };
}

/** How aliases and common table expressions are compared: BigQuery's tables differ by case, but those do not. */
export function toKey(part: string, rules: DialectRules): string {
  return rules.names === 'exact' ? part.toLowerCase() : part;
}

/** Takes `p.d.t`, `p:d.t`, `example.com:p.d.t` and `example.com:p:d.t` apart: the project may hold dots of its own. */
export function splitBigQueryPath(text: string): readonly string[] {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return text.split('.');
  const rest = text.slice(colon + 1).split('.');
  if (rest.length < 3) return [text.slice(0, colon), ...rest];
  return [`${text.slice(0, colon)}:${rest[0] ?? ''}`, ...rest.slice(1)];
}

/** `t$20240131`, `t$partitions` and `t@-3600000-` are parts or moments of `t`. */
function withoutDecorator(parts: readonly string[]): readonly string[] {
  const last = parts.at(-1) ?? '';
  const cut = findDecorator(last);
  return cut > 0 ? [...parts.slice(0, -1), last.slice(0, cut)] : parts;
}

function findDecorator(name: string): number {
  const dollar = name.indexOf('$');
  return dollar < 0 ? name.indexOf('@') : dollar;
}
