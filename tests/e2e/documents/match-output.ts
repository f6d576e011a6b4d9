/** Figures that differ from run to run and never matter to a reader: durations and ports. */
const moving = [
  [/\b\d+(?:\.\d+)? ?(?:ms|s)\b/g, '<duration>'],
  [/\b127\.0\.0\.1:\d+/g, '<address>'],
] as const;

/**
 * Finds the first shown line that the real output does not have, or undefined when all of it is there in order.
 * `…` stands for anything within a line; a line of `…` alone stands for any lines. Durations, ports and the space
 * around them may differ.
 */
export function findUntrueLine(shown: readonly string[], real: string): string | undefined {
  const lines = real.split('\n').map(settle);
  let next = 0;
  let mayBeLater = false;
  for (const line of shown) {
    if (line.trim() === '…') mayBeLater = true;
    else {
      const found = findLine(lines, { pattern: toPattern(line), from: next, mayBeLater });
      if (found === undefined) return line;
      next = found + 1;
      mayBeLater = false;
    }
  }
  return undefined;
}

function findLine(
  lines: readonly string[],
  options: { readonly pattern: RegExp; readonly from: number; readonly mayBeLater: boolean },
): number | undefined {
  const to = options.mayBeLater ? lines.length : options.from + 1;
  for (let index = options.from; index < to; index += 1) {
    if (options.pattern.test(lines[index] ?? '')) return index;
  }
  return undefined;
}

function toPattern(line: string): RegExp {
  const parts = settle(line).split('…');
  return new RegExp(`^${parts.map((part) => escape(part)).join('.*')}$`);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The same text for lines that differ in moving figures alone; a table's columns are as wide as their content. */
function settle(line: string): string {
  const fixed = moving.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line);
  return fixed
    .replaceAll(/[─-]{2,}/g, '──')
    .replaceAll(/\s+/g, ' ')
    .trimEnd();
}
