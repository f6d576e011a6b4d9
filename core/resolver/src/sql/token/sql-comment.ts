import type { DialectRules } from '../sql-dialect.ts';

/** Where the comment that begins here ends; undefined when none does. */
export function findCommentEnd(
  source: string,
  at: number,
  rules: DialectRules,
): { readonly end: number; readonly terminated: boolean } | undefined {
  const char = source[at];
  const next = source[at + 1];
  if ((char === '-' && next === '-') || (char === '#' && rules.hashComments)) return endOfLine(source, at);
  if (char !== '/') return undefined;
  if (next === '/' && rules.slashComments) return endOfLine(source, at);
  if (next !== '*') return undefined;
  return rules.nestedComments ? endOfNested(source, at) : endOfBlock(source, at);
}

const IGNORE_MARKER = /^(?:\/\*+|--|#|\/\/)\s*@ignoreupstream\b/i;
const LONGEST_MARKER = 64;

/** Whether a comment says that the table after it is no upstream. */
export function isIgnoreMarker(source: string, start: number, end: number): boolean {
  return IGNORE_MARKER.test(source.slice(start, Math.min(end, start + LONGEST_MARKER)));
}

function endOfLine(source: string, at: number) {
  const end = source.indexOf('\n', at);
  return { end: end < 0 ? source.length : end, terminated: true };
}

function endOfBlock(source: string, at: number) {
  const close = source.indexOf('*/', at + 2);
  return close < 0 ? { end: source.length, terminated: false } : { end: close + 2, terminated: true };
}

function endOfNested(source: string, at: number) {
  let depth = 1;
  let end = at + 2;
  while (end < source.length && depth > 0) {
    const char = source[end];
    const next = source[end + 1];
    if (char === '*' && next === '/') depth -= 1;
    else if (char === '/' && next === '*') depth += 1;
    else {
      end += 1;
      continue;
    }
    end += 2;
  }
  return { end: Math.min(end, source.length), terminated: depth === 0 };
}
