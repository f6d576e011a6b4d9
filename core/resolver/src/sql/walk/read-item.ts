import { foldName } from '../sql-dialect.ts';
import { TokenKind } from '../token/sql-tokens.ts';
import type { SqlWalk } from './sql-walk.ts';
import { splitBigQueryPath, type TablePath } from './table-path.ts';
import { openParentheses } from './walk-parentheses.ts';

/** A function makes rows; few name a table: `IDENTIFIER('p.d.t')`, `TABLE_DATE_RANGE([p:d.t_], …)`. */
export function readFunction(walk: SqlWalk, start: number, { parts: [name = ''] }: TablePath): boolean {
  walk.frame.impliedAlias = '';
  const { tokens } = walk;
  if (/^table_date_range/i.test(name) && tokens.symbol(walk.at + 1) === '[') return readTableRange(walk);
  if (name.toUpperCase() !== 'IDENTIFIER') return true;
  if (tokens.kind(walk.at + 1) !== TokenKind.string) {
    walk.report('unknown-table', 'the table of IDENTIFIER(…) is known only when the statement runs');
    return true;
  }
  const text = tokens.text(walk.at + 1).slice(1, -1);
  const parts = text.split('.').map((part) => foldName(part, false, walk.rules));
  addPlainRead(walk, parts, start);
  return true;
}

function addPlainRead(walk: SqlWalk, parts: readonly string[], start: number): void {
  const offset = walk.tokens.start(start);
  const plain = { key: parts[0] ?? '', dotted: false, templated: false, next: walk.at };
  walk.addRead({ ...plain, parts, offset }, start);
}

/** BigQuery's older spelling: `[project:dataset.table]`. A wildcard is what its name is to end in. */
export function readLegacyTable(walk: SqlWalk, wildcard = ''): boolean {
  const { tokens, frame } = walk;
  const start = walk.at;
  const inside = tokens.source.slice(tokens.end(start), tokens.end(start) + LONGEST_LEGACY_NAME);
  const [bracketed, name] = LEGACY_NAME.exec(inside) ?? [];
  frame.mode = 'alias';
  frame.impliedAlias = '';
  walk.at += 1;
  if (bracketed === undefined || name === undefined) {
    walk.openFrame('plain');
    walk.frame.mode = 'expression';
    return true;
  }
  const close = tokens.end(start) + bracketed.length;
  while (tokens.kind(walk.at) !== TokenKind.end && tokens.start(walk.at) < close) walk.at += 1;
  addPlainRead(walk, splitBigQueryPath(name + wildcard), start);
  return true;
}

const LEGACY_NAME = /^\s*([\w.:-]+)(?:[$@][\w$@-]*)?\s*\]/;
const LONGEST_LEGACY_NAME = 1200;

function readTableRange(walk: SqlWalk): boolean {
  openParentheses(walk);
  walk.at += 1;
  readLegacyTable(walk, '*');
  walk.frame.mode = 'expression';
  return true;
}
