import { TokenKind } from '../token/sql-tokens.ts';
import type { SqlWalk } from './sql-walk.ts';

/** COPY reads or writes its table, by the direction: `COPY t TO 'file'`, `COPY INTO t FROM @stage`, `COPY (query) TO …`. */
export function startCopy(walk: SqlWalk): boolean {
  const { frame } = walk;
  walk.at += 1;
  if (walk.word() === 'INTO') return startCopyInto(walk);
  if (walk.word() === 'BINARY') walk.at += 1;
  frame.mode = 'head';
  const path = walk.word() === 'FROM' ? undefined : walk.readPath();
  if (!path) return true;
  const isOutward = walk.tokens.word(skipParentheses(walk, path.next)) === 'TO';
  if (isOutward) walk.addRead(path);
  else walk.addTarget(path);
  frame.mode = 'skip';
  walk.at = path.next;
  return true;
}

/** Into a table from files, or into files from a table. */
function startCopyInto(walk: SqlWalk): boolean {
  const { frame, tokens } = walk;
  walk.at += 1;
  const isLocation = walk.symbol() === '@' || tokens.kind(walk.at) === TokenKind.string;
  if (!isLocation) {
    frame.mode = 'target';
    return true;
  }
  walk.at += 1;
  while (tokens.touchesPrevious(walk.at)) walk.at += 1;
  frame.mode = 'expression';
  frame.query = true;
  return true;
}

function skipParentheses(walk: SqlWalk, index: number): number {
  const { tokens } = walk;
  if (tokens.symbol(index) !== '(') return index;
  let at = index;
  while (tokens.kind(at) !== TokenKind.end && tokens.symbol(at) !== ')' && tokens.symbol(at) !== ';') at += 1;
  return at + 1;
}
