import { FUNCTIONS_WITH_FROM } from './keywords.ts';
import type { SqlWalk } from './sql-walk.ts';

/** Enters the parentheses at the current token as what they are here. */
export function openParentheses(walk: SqlWalk): void {
  const { frame } = walk;
  const isItem = frame.mode === 'from' || (frame.kind === 'tables' && frame.mode === 'start');
  const isCteBody = frame.mode === 'cte-body';
  const isColumns = frame.mode === 'cte-as' || FUNCTIONS_WITH_FROM.has(walk.word(-1));
  const { verb } = frame;
  if (isItem) {
    frame.mode = 'alias';
    frame.impliedAlias = '';
  } else if (frame.mode === 'start') frame.mode = frame.kind === 'statement' ? 'head' : 'expression';
  // Trino's `f(input => TABLE(t))`.
  const isTableArgument = frame.kind === 'plain' && walk.word(-1) === 'TABLE';
  walk.openFrame(isItem || isTableArgument ? 'tables' : 'plain');
  if (isColumns) walk.frame.mode = 'expression';
  walk.frame.isCteBody = isCteBody;
  // `CREATE TABLE t (LIKE u)` reads u inside the parentheses.
  if (verb === 'CREATE' && frame.mode === 'head') walk.frame.verb = 'COLUMNS';
}

/** Leaves parentheses or brackets; a common table expression is known from here on. */
export function walkClosing(walk: SqlWalk): void {
  const closed = walk.closeFrame();
  if (!closed?.isCteBody) return;
  if (!walk.frame.recursive) walk.defineCte(walk.frame.cteName);
  walk.frame.mode = 'cte-done';
}
