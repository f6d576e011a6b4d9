import type { SqlWalk } from './sql-walk.ts';

/** A SELECT at the current token: whatever stood before, a query begins here. */
export function startSelect(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.mode = 'expression';
  frame.query = true;
  frame.branchStart = walk.found.count;
  frame.fromStart = walk.found.count;
  walk.at += 1;
  return true;
}

/** A FROM at the current token. */
export function startFrom(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.mode = 'from';
  frame.query = true;
  frame.commasSeparate = true;
  frame.fromStart = walk.found.count;
  walk.at += 1;
  return true;
}
