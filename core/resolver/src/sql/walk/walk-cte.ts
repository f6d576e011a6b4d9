import { TokenKind } from '../token/sql-tokens.ts';
import type { SqlWalk } from './sql-walk.ts';
import { readTablePath } from './table-path.ts';

/** Begins a list of common table expressions when the current token is a WITH that opens one. */
export function startCtes(walk: SqlWalk): boolean {
  if (walk.word() !== 'WITH') return false;
  const recursive = walk.word(1) === 'RECURSIVE';
  if (!recursive && !beginsCte(walk, walk.at + 1)) return false;
  const { frame } = walk;
  frame.mode = 'cte-name';
  frame.recursive = recursive;
  frame.withStart = walk.found.count;
  walk.at += recursive ? 2 : 1;
  return true;
}

/** One token of a list of common table expressions, outside the parentheses of their queries. */
export function walkCteToken(walk: SqlWalk): boolean {
  const { frame, tokens } = walk;
  switch (frame.mode) {
    case 'cte-name':
      return walkName(walk);
    case 'cte-as':
      if (walk.word() === 'AS') frame.mode = 'cte-body';
      else if (walk.word() === 'SELECT') return endList(walk);
      return false;
    case 'cte-body':
      if (walk.word() === 'MATERIALIZED' || walk.word() === 'NOT') return false;
      return endList(walk);
    default:
      if (tokens.symbol(walk.at) === ',') {
        frame.mode = beginsCte(walk, walk.at + 1) ? 'cte-name' : 'cte-done';
        return false;
      }
      return isSearchClause(walk) ? false : endList(walk);
  }
}

function walkName(walk: SqlWalk): boolean {
  const { frame } = walk;
  const path = walk.readPath();
  if (!path) return endList(walk);
  frame.cteName = path.key;
  frame.mode = 'cte-as';
  // Within WITH RECURSIVE its own query may read it.
  if (frame.recursive) walk.defineCte(path.key);
  walk.at = path.next;
  return true;
}

/** What stands here is looked at again, as the beginning of the query that uses the list. */
function endList(walk: SqlWalk): boolean {
  walk.frame.mode = 'start';
  return true;
}

/** PostgreSQL's `SEARCH DEPTH FIRST BY id SET place` and `CYCLE id SET looped USING path`. */
function isSearchClause(walk: SqlWalk): boolean {
  const word = walk.word();
  if (word === 'SEARCH' || word === 'CYCLE') walk.frame.verb = word;
  const searching = walk.frame.verb === 'SEARCH' || walk.frame.verb === 'CYCLE';
  return searching && !QUERY_WORDS.has(word);
}

const QUERY_WORDS: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'TABLE',
  'VALUES',
]);

/** `name AS (`, `name AS MATERIALIZED (` and `name (columns) AS (`. */
function beginsCte(walk: SqlWalk, index: number): boolean {
  const { tokens } = walk;
  const path = tokens.isName(index) ? readTablePath(tokens, index, walk.rules) : undefined;
  if (!path) return false;
  if (tokens.kind(path.next) === TokenKind.symbol)
    return tokens.symbol(path.next) === '(' && tokens.word(index) !== 'OPTIONS';
  if (tokens.word(path.next) === 'USING') return true;
  if (tokens.word(path.next) !== 'AS') return false;
  const after = tokens.word(path.next + 1);
  return tokens.symbol(path.next + 1) === '(' || after === 'MATERIALIZED' || after === 'NOT';
}
