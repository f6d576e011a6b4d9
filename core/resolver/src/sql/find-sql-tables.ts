import { getDialectRules, type SqlDialect } from './sql-dialect.ts';
import { locateOffsets } from './sql-position.ts';
import type { SqlPosition, SqlProblem, SqlTables, TableRef, WrittenTable } from './sql-tables.ts';
import { tokenizeSql } from './token/tokenize-sql.ts';
import type { FoundTable } from './walk/found-tables.ts';
import { type FoundProblem, SqlWalk } from './walk/sql-walk.ts';
import { walkScript } from './walk/walk-script.ts';

/**
 * The tables that a script reads and writes, found without a grammar: what is not understood is passed over. Templates are compiled
 * before. Never throws, whatever the text; linear in its length.
 */
export function findSqlTables(sql: string, dialect: SqlDialect): SqlTables {
  const { tokens, unterminated } = tokenizeSql(sql, dialect);
  const walk = new SqlWalk(tokens, getDialectRules(dialect));
  for (const offset of unterminated)
    walk.report('unterminated', 'a quote or a comment opens here and never ends', offset);
  walkScript(walk);
  return toSqlTables(sql, walk.found.list(), walk.problems);
}

function toSqlTables(
  sql: string,
  found: readonly FoundTable[],
  problems: readonly FoundProblem[],
): SqlTables {
  const reads = findFirst(found, ({ use, ignored }) => use === 'read' && !ignored);
  const ignored = findFirst(found, (table) => table.ignored);
  const writes = findFirst(found, ({ use }) => use !== 'read');
  const mentions = [...reads.values(), ...ignored.values(), ...writes.values()];
  const positions = locateOffsets(sql, [
    ...mentions.map(({ path }) => path.offset),
    ...problems.map(({ offset }) => offset),
  ]);
  const toRef = ({ path }: FoundTable): TableRef => ({
    parts: path.parts,
    position: getPosition(positions, path.offset),
  });
  return {
    reads: [...reads.values()].map(toRef),
    writes: [...writes.values()].map(
      (table): WrittenTable => ({ ...toRef(table), created: table.use === 'create' }),
    ),
    ignored: [...ignored].filter(([name]) => !reads.has(name)).map(([, table]) => toRef(table)),
    problems: problems.map(
      ({ kind, message, offset }): SqlProblem => ({
        kind,
        message,
        position: getPosition(positions, offset),
      }),
    ),
  };
}

function getPosition(positions: ReadonlyMap<number, SqlPosition>, offset: number): SqlPosition {
  return positions.get(offset) ?? { offset, line: 1, column: 1 };
}

/** The first place of each table, by its name. */
function findFirst(
  found: readonly FoundTable[],
  isWanted: (table: FoundTable) => boolean,
): ReadonlyMap<string, FoundTable> {
  const first = new Map<string, FoundTable>();
  for (const table of found) {
    const name = toTableKey(table.path.parts);
    if (isWanted(table) && !first.has(name)) first.set(name, table);
  }
  return first;
}

/** One text for one table, whatever dots its parts hold. */
function toTableKey(parts: readonly string[]): string {
  return parts.join('\0');
}
