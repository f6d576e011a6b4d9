import type { SqlWalk } from './sql-walk.ts';

/** INSERT INTO, INSERT OVERWRITE, and INSERT ALL with its several targets. */
export function startInsert(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.verb = 'INSERT';
  frame.targetUse = 'write';
  const isMany =
    /^(?:ALL|FIRST)$/.test(walk.word(1)) ||
    (walk.word(1) === 'OVERWRITE' && /^(?:ALL|FIRST)$/.test(walk.word(2)));
  const isDirectory = walk.word(1) === 'OVERWRITE' && /^(?:LOCAL|DIRECTORY)$/.test(walk.word(2));
  frame.mode = isMany || isDirectory ? 'head' : 'target';
  walk.at += 1;
  walk.skipWords(/^(?:INTO|OVERWRITE|OR|IGNORE|REPLACE|TABLE)$/);
  return true;
}
