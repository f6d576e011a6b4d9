import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Comment, type Program, parseSync } from 'oxc-parser';

/** A parsed source file. */
export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** The line, counted from 1, of an offset into `text`. */
  lineAt(offset: number): number;
}

/** A syntax tree node as the generic walk sees it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Parses one file of the repository. Code with syntax errors yields what the parser could make of it. */
export function parseSource(root: string, file: string): SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  const { program, comments } = parseSync(file, text);
  const lineStarts = findLineStarts(text);
  return { file, text, program, comments, lineAt: (offset) => countStarts(lineStarts, offset) };
}

/** Calls `visit` for a node and everything below it, parents first, with the parent. */
export function walk(
  node: unknown,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit, parent);
    return;
  }
  if (!isSyntaxNode(node)) return;
  visit(node, parent);
  for (const child of Object.values(node)) {
    if (typeof child === 'object') walk(child, visit, node);
  }
}

/** Whether a value found in the tree is a node rather than a literal or a list. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function countStarts(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
