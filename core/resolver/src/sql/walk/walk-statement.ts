import { BLOCK_WORDS, CONTROL_WORDS, IDLE_STATEMENTS } from './keywords.ts';
import type { SqlWalk } from './sql-walk.ts';
import { startFrom, startSelect } from './start-clause.ts';
import { startInsert } from './start-insert.ts';
import { toKey } from './table-path.ts';
import { startCopy } from './walk-copy.ts';
import { startCtes } from './walk-cte.ts';

/** The first token of a statement or of parentheses. */
export function walkStart(walk: SqlWalk): boolean {
  const { frame } = walk;
  const word = walk.word();
  if (word === 'SELECT') return startSelect(walk);
  if (word === 'FROM') return startFrom(walk);
  if (word === 'WITH' && startCtes(walk)) return true;
  if (word === 'TABLE') return startTableQuery(walk);
  if (/^(?:UN)?PIVOT$|^SUMMARIZE$/.test(word) && walk.tokens.isName(walk.at + 1)) {
    frame.mode = 'source';
    return false;
  }
  if (frame.kind === 'tables' && word !== 'VALUES') {
    frame.mode = 'from';
    return true;
  }
  if (frame.kind === 'statement' || frame.isCteBody) return startStatement(walk, word);
  frame.mode = 'expression';
  if (word === 'LIKE' && frame.verb === 'COLUMNS') frame.mode = 'source';
  return word !== 'LIKE';
}

function startTableQuery(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.query = frame.kind === 'statement';
  frame.mode = walk.tokens.isName(walk.at + 1) ? 'source' : 'from';
  return false;
}

/** The statements that are more than a query, by the word that opens them. */
const openings: Readonly<Record<string, (walk: SqlWalk) => boolean>> = {
  INSERT: startInsert,
  UPDATE: startUpdate,
  DELETE: startDelete,
  MERGE: startMerge,
  TRUNCATE: startTruncate,
  CREATE: startCreate,
  REPLACE: startCreate,
  ALTER: startAlter,
  LOAD: startLoad,
  COPY: startCopy,
  REFRESH: startRefresh,
  CACHE: startCache,
  CALL: startUnknown,
  EXECUTE: startUnknown,
};

function startStatement(walk: SqlWalk, word: string): boolean {
  const { frame } = walk;
  if (BLOCK_WORDS.has(word)) return false;
  // A label: `rows: LOOP`.
  if (word !== '' && walk.symbol(1) === ':' && walk.symbol(2) !== '=') {
    walk.at += 2;
    return true;
  }
  frame.verb = CONTROL_WORDS.has(word) ? 'CONTROL' : word;
  frame.mode = IDLE_STATEMENTS.has(word) ? 'skip' : 'head';
  const open = Object.hasOwn(openings, word) ? openings[word] : undefined;
  if (open) return open(walk);
  return false;
}

/** THEN, DO and LOOP of scripts: a statement begins after them. */
export function walkControlWord(walk: SqlWalk): boolean {
  const { frame } = walk;
  if (frame.verb !== 'CONTROL' || frame.kind !== 'statement') return false;
  const word = walk.word();
  if (word === 'CASE') frame.openCases += 1;
  if (word === 'END') frame.openCases = Math.max(0, frame.openCases - 1);
  if (frame.openCases > 0 || !/^(?:THEN|DO|LOOP)$/.test(word)) return false;
  walk.startStatement();
  walk.at += 1;
  return true;
}

/** A word between the opening of a statement and its query. */
export function walkHeadWord(walk: SqlWalk): boolean {
  const { frame } = walk;
  switch (walk.word()) {
    case 'SELECT':
      return startSelect(walk);
    case 'WITH':
      return startCtes(walk);
    case 'FROM':
      return (frame.verb === 'INSERT' || walk.word(-1) === 'AS') && startFrom(walk);
    case 'TABLE':
      if (walk.tokens.isName(walk.at + 1) && (frame.verb === 'INSERT' || walk.word(-1) === 'AS'))
        frame.mode = 'source';
      return false;
    case 'AS':
      return startInner(walk);
    case 'BEGIN':
      frame.mode = 'start';
      return true;
    case 'LIKE':
    case 'CLONE':
    case 'COPY':
      if (frame.verb === 'CREATE' && walk.word(1) !== 'GRANTS') frame.mode = 'source';
      return false;
    case 'INTO':
      if (frame.verb === 'INSERT') frame.mode = 'target';
      return false;
    default:
      return false;
  }
}

/** `CREATE TASK … AS INSERT …`, `CREATE MATERIALIZED VIEW … AS REPLICA OF …`. */
function startInner(walk: SqlWalk): boolean {
  const { frame } = walk;
  const next = walk.word(1);
  if (next === 'REPLICA' && walk.word(2) === 'OF') {
    frame.mode = 'source';
    walk.at += 3;
    return true;
  }
  if (/^(?:INSERT|UPDATE|DELETE|MERGE|CALL|BEGIN|DECLARE|EXECUTE|TRUNCATE|COPY)$/.test(next))
    frame.mode = 'start';
  return false;
}

/** The table that a statement writes. What may follow decides how the walk goes on. */
export function walkTarget(walk: SqlWalk): boolean {
  const { frame } = walk;
  if (/^(?:TABLE|ONLY|INTO)$/.test(walk.word()) && walk.symbol(1) !== '.') return false;
  if (walk.word() === 'IF') {
    walk.skipWords(/^(?:IF|NOT|EXISTS)$/);
    return true;
  }
  const path = walk.readPath();
  const isRow = /^(?:UPDATE|DELETE|MERGE)$/.test(frame.verb);
  frame.mode = isRow ? 'alias' : 'head';
  if (!path) return false;
  walk.addTarget(path);
  frame.deleted = frame.verb === 'DELETE' ? path : undefined;
  // A recursive view reads itself.
  if (frame.recursive) walk.ctes.define(path.key);
  frame.impliedAlias = toKey(path.parts.at(-1) ?? '', walk.rules);
  walk.at = path.next;
  return true;
}

function startUpdate(walk: SqlWalk): boolean {
  walk.frame.query = true;
  return expectTarget(walk, 1);
}

function startDelete(walk: SqlWalk): boolean {
  walk.frame.usingIsSource = true;
  return expectTarget(walk, walk.word(1) === 'FROM' ? 2 : 1);
}

function startMerge(walk: SqlWalk): boolean {
  walk.frame.usingIsSource = true;
  walk.at += 1;
  walk.skipWords(/^(?:WITH|SCHEMA|EVOLUTION|INTO)$/);
  return expectTarget(walk, 0);
}

function startTruncate(walk: SqlWalk): boolean {
  return expectTarget(walk, walk.word(1) === 'TABLE' ? 2 : 1);
}

const TABLE_OBJECTS: ReadonlySet<string> = new Set(['TABLE', 'VIEW']);
const CREATE_WORDS =
  /^(?:OR|REPLACE|REFRESH|TEMP|TEMPORARY|TRANSIENT|UNLOGGED|EXTERNAL|GLOBAL|LOCAL|VOLATILE|SNAPSHOT|MATERIALIZED|RECURSIVE|FORCE|SECURE|DYNAMIC|ICEBERG|HYBRID|STREAMING|LIVE|FOREIGN|EVENT|INTERACTIVE|ALTER)$/;

function startCreate(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.verb = 'CREATE';
  frame.targetUse = 'create';
  walk.at += 1;
  while (CREATE_WORDS.test(walk.word())) {
    if (walk.word().startsWith('TEMP')) frame.targetUse = 'temporary';
    if (walk.word() === 'RECURSIVE') frame.recursive = true;
    walk.at += 1;
  }
  // A table function is no table.
  if (TABLE_OBJECTS.has(walk.word()) && walk.word(1) !== 'FUNCTION') return expectTarget(walk, 1);
  return true;
}

/** Only a new query of a view changes what it holds. */
function startAlter(walk: SqlWalk): boolean {
  walk.frame.mode = 'skip';
  walk.at += 1;
  walk.skipWords(/^(?:MATERIALIZED|IF|EXISTS)$/);
  if (walk.word() !== 'VIEW') return true;
  walk.at += 1;
  walk.skipWords(/^(?:IF|EXISTS)$/);
  const path = walk.readPath();
  if (path && walk.tokens.word(path.next) === 'AS') walk.frame.mode = 'target';
  return true;
}

function startLoad(walk: SqlWalk): boolean {
  const { frame, tokens } = walk;
  if (walk.word(1) !== 'DATA') return false;
  walk.at += 1;
  while (/^(?:DATA|LOCAL|INPATH|OVERWRITE|INTO|TEMP|TEMPORARY|TABLE)$/.test(walk.word())) {
    if (walk.word().startsWith('TEMP')) frame.targetUse = 'temporary';
    const isPath = walk.word() === 'INPATH' && !tokens.isName(walk.at + 1);
    walk.at += isPath ? 2 : 1;
  }
  return expectTarget(walk, 0);
}

/** A materialized view is filled anew; refreshing a table only forgets what a cache knew of it. */
function startRefresh(walk: SqlWalk): boolean {
  walk.frame.mode = 'skip';
  if (walk.word(1) !== 'MATERIALIZED') return false;
  walk.at += 3;
  walk.skipWords(/^CONCURRENTLY$/);
  return expectTarget(walk, 0);
}

function startCache(walk: SqlWalk): boolean {
  const { frame } = walk;
  walk.at += 1;
  walk.skipWords(/^(?:LAZY|TABLE)$/);
  const path = walk.readPath();
  if (!path) return true;
  const makes = /^(?:AS|SELECT|OPTIONS|WITH)$/.test(walk.tokens.word(path.next));
  frame.targetUse = 'temporary';
  frame.mode = makes ? 'target' : 'source';
  return true;
}

function startUnknown(walk: SqlWalk): boolean {
  const { frame } = walk;
  frame.mode = 'skip';
  if (walk.word() === 'CALL') reportCall(walk);
  else if (walk.word(1) === 'IMMEDIATE')
    walk.report('unknown-statement', 'EXECUTE IMMEDIATE runs a statement that is known only when it runs');
  return false;
}

function reportCall(walk: SqlWalk): void {
  const next = walk.tokens.text(walk.at + 1);
  walk.report(
    'unknown-statement',
    `what the procedure called at "CALL ${next}" reads and writes lies elsewhere`,
  );
}

function expectTarget(walk: SqlWalk, skipped: number): boolean {
  walk.frame.mode = 'target';
  walk.at += skipped;
  return true;
}
