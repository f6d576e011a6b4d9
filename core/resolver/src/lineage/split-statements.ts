import type { SqlDialect } from '../sql/sql-dialect.ts';
import { type SqlTokens, TokenKind } from '../sql/token/sql-tokens.ts';
import { tokenizeSql } from '../sql/token/tokenize-sql.ts';

/** One statement of a script, without its semicolon and the words of blocks before it. */
export interface SqlStatement {
  readonly sql: string;
  /** UTF-16 units from the start of the script. */
  readonly offset: number;
}

/** The statements of a script, in order; a semicolon within quotes, comments or parentheses ends none. Linear; never throws. */
export function splitStatements(script: string, dialect: SqlDialect): readonly SqlStatement[] {
  const { tokens } = tokenizeSql(script, dialect);
  const statements: SqlStatement[] = [];
  let first = 0;
  let depth = 0;
  for (let at = 0; at <= tokens.count; at += 1) {
    const symbol = tokens.symbol(at);
    if (symbol === '(') depth += 1;
    if (symbol === ')') depth = Math.max(0, depth - 1);
    if (at < tokens.count && (symbol !== ';' || depth > 0)) continue;
    statements.push(...cutStatement(tokens, first, at));
    first = at + 1;
    depth = 0;
  }
  return statements;
}

function cutStatement(tokens: SqlTokens, first: number, end: number): readonly SqlStatement[] {
  const start = skipBlock(tokens, first, end);
  if (start >= end || tokens.kind(start) === TokenKind.end) return [];
  const offset = tokens.start(start);
  return [{ sql: tokens.source.slice(offset, tokens.end(end - 1)), offset }];
}

/** Behind `BEGIN`, `ELSE`, `IF … THEN`, `WHILE … DO`: the statement that a block begins with. */
function skipBlock(tokens: SqlTokens, first: number, end: number): number {
  const word = tokens.word(first);
  if (/^(?:BEGIN|ELSE|LOOP|REPEAT)$/.test(word)) return skipBlock(tokens, first + 1, end);
  if (!/^(?:IF|ELSEIF|ELSIF|WHILE|FOR)$/.test(word)) return first;
  for (let at = first; at < end; at += 1) if (/^(?:THEN|DO)$/.test(tokens.word(at))) return at + 1;
  return first;
}
