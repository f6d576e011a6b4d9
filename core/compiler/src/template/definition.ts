import type { Block, Definition } from './ast.ts';

/**
 * Which of two definitions of one name holds. As in Go a body of white space never replaces one with content, and a later
 * `define` replaces an earlier one. Unlike Go, whose files come in random order, a `block` never replaces a `define`.
 */
export function chooseDefinition<T extends Definition>(earlier: T | undefined, later: T): T {
  if (!earlier || isBlank(earlier.body)) return later;
  if (isBlank(later.body) || (later.isDefault && !earlier.isDefault)) return earlier;
  return later;
}

/** Both have content: within one file that is a mistake, and Go's too. */
export function isClash(earlier: Definition, later: Definition): boolean {
  return !isBlank(earlier.body) && !isBlank(later.body);
}

function isBlank(body: Block): boolean {
  return body.every((statement) => statement.kind === 'text' && statement.text.trim() === '');
}
