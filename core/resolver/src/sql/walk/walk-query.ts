import { unquoteName } from '../token/sql-quote.ts';
import { TokenKind } from '../token/sql-tokens.ts';
import { isInFrom } from './frame.ts';
import { CLAUSE_WORDS, ITEM_PREFIXES, NO_ALIAS, SET_OPERATIONS } from './keywords.ts';
import { readFunction, readLegacyTable } from './read-item.ts';
import type { SqlWalk } from './sql-walk.ts';
import { startFrom, startSelect } from './start-clause.ts';
import { startInsert } from './start-insert.ts';
import { type TablePath, toKey } from './table-path.ts';
import { startCtes } from './walk-cte.ts';

/** A word of a query outside the names of its tables. */
export function walkQueryWord(walk: SqlWalk): boolean {
  const word = walk.word();
  if (word === '') return false;
  const { frame } = walk;
  if (CLAUSE_WORDS.has(word) && isInFrom(frame)) frame.mode = 'expression';
  if (SET_OPERATIONS.has(word)) walk.endBranch();
  // What DELETE takes out goes on as rows of the query around it.
  if (word === 'RETURNING' && frame.isCteBody && frame.deleted) walk.addRead(frame.deleted);
  switch (word) {
    case 'SELECT':
      return startSelect(walk);
    case 'FROM':
      return frame.query && isFromClause(walk) && startFrom(walk);
    case 'JOIN':
      return (frame.query || isInFrom(frame)) && startJoin(walk);
    case 'USING':
      return frame.usingIsSource && startUsing(walk);
    case 'WITH':
      return frame.mode === 'expression' && startCtes(walk);
    case 'TABLE':
      return startTable(walk);
    case 'INTO':
      return frame.query && walk.rules.selectInto && frame.mode === 'expression' && startSelectInto(walk);
    case 'INSERT':
      return /^(?:INTO|OVERWRITE)$/.test(walk.word(1)) && startInsert(walk);
    default:
      return leaveFrom(walk, word);
  }
}

/** Words that end a FROM clause only in some company, and those that turn its commas into something else. */
function leaveFrom(walk: SqlWalk, word: string): boolean {
  const { frame } = walk;
  if (!isInFrom(frame)) return false;
  const next = walk.word(1);
  const ends =
    (word === 'OFFSET' && walk.word(-1) !== 'WITH') ||
    (word === 'WHEN' && frame.verb === 'MERGE') ||
    (word === 'FOR' && /^(?:UPDATE|SHARE|NO|KEY)$/.test(next)) ||
    (/^(?:SORT|CLUSTER|DISTRIBUTE|CONNECT)$/.test(word) && next === 'BY') ||
    (word === 'START' && next === 'WITH');
  if (ends) frame.mode = 'expression';
  if (word !== 'LATERAL' || next !== 'VIEW') return false;
  frame.mode = 'from';
  frame.commasSeparate = false;
  return false;
}

/** Not so in `a IS DISTINCT FROM b` and `nth_value(a, 2) FROM FIRST OVER (…)`. */
function isFromClause(walk: SqlWalk): boolean {
  if (walk.word(-1) === 'DISTINCT') return !/^(?:IS|NOT)$/.test(walk.word(-2));
  const next = walk.word(1);
  return !(/^(?:FIRST|LAST)$/.test(next) && /^(?:IGNORE|RESPECT|OVER)$/.test(walk.word(2)));
}

function startJoin(walk: SqlWalk): boolean {
  const { frame } = walk;
  if (!isInFrom(frame)) frame.fromStart = walk.found.count;
  frame.mode = 'from';
  frame.commasSeparate = true;
  walk.at += 1;
  return true;
}

function startUsing(walk: SqlWalk): boolean {
  walk.frame.usingIsSource = false;
  return startJoin(walk);
}

/** `TABLE t` as a query of its own, as a branch of one, and as an argument: `ML.PREDICT(MODEL m, TABLE t)`. */
function startTable(walk: SqlWalk): boolean {
  if (!walk.tokens.isName(walk.at + 1)) return false;
  const before = walk.symbol(-1);
  const isArgument = walk.frame.kind === 'plain' && !walk.frame.query && /^[(,>]$/.test(before);
  const isBranch = /^(?:UNION|INTERSECT|EXCEPT|ALL|DISTINCT|AS)$/.test(walk.word(-1)) && walk.frame.query;
  if (isArgument || isBranch) walk.frame.mode = 'source';
  return false;
}

function startSelectInto(walk: SqlWalk): boolean {
  const { frame } = walk;
  walk.at += 1;
  frame.targetUse = 'create';
  while (/^(?:TEMP|TEMPORARY|UNLOGGED|TABLE)$/.test(walk.word())) {
    if (walk.word().startsWith('TEMP')) frame.targetUse = 'temporary';
    walk.at += 1;
  }
  const path = walk.readPath();
  if (!path) return true;
  walk.addTarget(path);
  walk.at = path.next;
  return true;
}

/** The one table of `TABLE t`, `CLONE t`, `PIVOT t`. */
export function walkSource(walk: SqlWalk): boolean {
  if (/^(?:SELECT|WITH|FROM)$/.test(walk.word())) {
    walk.frame.mode = 'start';
    return true;
  }
  const path = walk.readPath();
  const { frame } = walk;
  frame.mode = frame.verb === 'CREATE' ? 'head' : 'expression';
  if (!path) return true;
  if (walk.tokens.symbol(path.next) !== '(') walk.addRead(path);
  walk.at = path.next;
  return true;
}

/** What stands where a FROM clause wants a table. */
export function walkFromItem(walk: SqlWalk): boolean {
  const { frame } = walk;
  const word = walk.word();
  if (isItemPrefix(walk, word)) return false;
  if (word === 'SELECT') return startSelect(walk);
  if (word === 'VALUES') frame.commasSeparate = false;
  // A trailing comma; but `FROM sample.window` is a table.
  if (CLAUSE_WORDS.has(word) && walk.symbol(1) !== '.') {
    frame.mode = 'rest';
    return true;
  }
  if (walk.symbol() === '[') return readLegacyTable(walk);
  const path = walk.readPath();
  if (path) return readItem(walk, path);
  if (walk.tokens.kind(walk.at) !== TokenKind.symbol) frame.mode = 'alias';
  else return readUnknownItem(walk);
  return false;
}

function isItemPrefix(walk: SqlWalk, word: string): boolean {
  if (ITEM_PREFIXES.has(word)) return walk.tokens.symbol(walk.at + 1) !== '.';
  const next = walk.symbol(1);
  if (word === 'TABLE' || (word === 'STREAM' && walk.rules.streams))
    return next === '(' || walk.tokens.isName(walk.at + 1);
  if (word === 'EACH') return walk.rules.bigQueryPaths && (next === '[' || walk.tokens.isName(walk.at + 1));
  return word === 'ROWS' && walk.word(1) === 'FROM';
}

function readItem(walk: SqlWalk, path: TablePath): boolean {
  const { frame, tokens } = walk;
  const start = walk.at;
  walk.at = path.next;
  frame.mode = 'alias';
  if (tokens.symbol(walk.at) === '(') return readFunction(walk, start, path);
  // DuckDB's `FROM a: t` gives the alias first.
  if (path.parts.length === 1 && tokens.symbol(walk.at) === ':' && !walk.rules.bigQueryPaths) {
    frame.mode = 'from';
    walk.at += 1;
    return true;
  }
  frame.impliedAlias = toKey(path.parts.at(-1) ?? '', walk.rules);
  walk.addRead(path, start);
  return true;
}

function readUnknownItem(walk: SqlWalk): boolean {
  const { frame, tokens, rules } = walk;
  const symbol = walk.symbol();
  frame.mode = 'alias';
  frame.impliedAlias = '';
  if (symbol === '@' && rules.stages) return skipStage(walk);
  if (/[@$:?]/.test(symbol)) {
    walk.report('unknown-table', 'the name of a table is a parameter, known only when the statement runs');
    walk.at += 1;
    if (tokens.isName(walk.at) && tokens.touchesPrevious(walk.at)) walk.at += 1;
    return true;
  }
  return false;
}

/** A stage holds files; its path may hold any words, but no spaces. */
function skipStage(walk: SqlWalk): boolean {
  walk.at += 1;
  while (walk.tokens.touchesPrevious(walk.at) && !/[(),;]/.test(walk.symbol())) walk.at += 1;
  return true;
}

/** What follows an item of FROM: its alias, or the rest of the clause. */
export function walkAlias(walk: SqlWalk): boolean {
  const { frame, tokens } = walk;
  if (walk.word() === 'AS' && tokens.symbol(walk.at + 1) === '(') return false;
  if (walk.word() === 'AS') walk.at += 1;
  const isAlias = tokens.isName(walk.at) && !NO_ALIAS.has(walk.word());
  frame.mode = 'rest';
  if (!isAlias) {
    walk.defineAlias(frame.impliedAlias);
    return true;
  }
  walk.defineAlias(toKey(unquoteName(tokens.text(walk.at)), walk.rules));
  walk.at += 1;
  return true;
}
