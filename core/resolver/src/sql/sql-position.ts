import type { SqlPosition } from './sql-tables.ts';

/** Lines and columns of offsets in a text, counted in one pass. */
export function locateOffsets(text: string, offsets: readonly number[]): ReadonlyMap<number, SqlPosition> {
  const positions = new Map<number, SqlPosition>();
  let at = 0;
  let line = 1;
  let column = 1;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    for (; at < offset; at += 1) {
      const code = text.charCodeAt(at);
      // The second half of a pair is no character of its own.
      if (code === 10) {
        line += 1;
        column = 1;
      } else if (code < 0xdc00 || code > 0xdfff) column += 1;
    }
    positions.set(offset, { offset, line, column });
  }
  return positions;
}
