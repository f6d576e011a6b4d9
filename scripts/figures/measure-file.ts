import { isSyntaxNode, type SourceFile, type SyntaxNode, walk } from '../source/parse-source.ts';

/** What is counted in one source file. */
export interface FileFigures {
  readonly file: string;
  readonly lines: number;
  /** Functions with a body of statements; an arrow that is one expression is part of its line. */
  readonly functions: readonly { readonly line: number; readonly lines: number }[];
  readonly anyCount: number;
  readonly throwCount: number;
  /** Lines that make a bare `Error`, `invariant` left aside. */
  readonly bareErrorLines: readonly number[];
  readonly exportedCount: number;
  /** Exported declarations right below a doc comment. */
  readonly documentedCount: number;
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Counts what the figures need from one file. */
export function measureFile(source: SourceFile): FileFigures {
  const functions: { line: number; lines: number }[] = [];
  const bareErrorLines: number[] = [];
  const count = { any: 0, throw: 0 };
  const invariant = findInvariant(source);
  walk(source.program, (node, parent) => {
    if (node.type === 'TSAnyKeyword') count.any += 1;
    if (node.type === 'ThrowStatement') count.throw += 1;
    if (hasStatements(node)) functions.push(measureFunction(source, isMethod(parent) ? parent : node));
    if (isBareError(node) && !contains(invariant, node)) bareErrorLines.push(source.lineAt(node.start));
  });
  return {
    file: source.file,
    lines: countLines(source.text),
    functions,
    anyCount: count.any,
    throwCount: count.throw,
    bareErrorLines,
    ...countExports(source),
  };
}

/** Lines of a text; a last line feed ends a line and starts none. */
export function countLines(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function measureFunction(source: SourceFile, node: SyntaxNode): { line: number; lines: number } {
  const line = source.lineAt(node.start);
  return { line, lines: source.lineAt(node.end - 1) - line + 1 };
}

function hasStatements(node: SyntaxNode): boolean {
  return functionTypes.has(node.type) &&
    isSyntaxNode(node.body) &&
    node.body.type !== 'TSEmptyBodyFunctionExpression'
    ? node.expression !== true
    : false;
}

function isMethod(parent: SyntaxNode | undefined): parent is SyntaxNode {
  return parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && parent.method === true);
}

function isBareError(node: SyntaxNode): boolean {
  return node.type === 'NewExpression' && isSyntaxNode(node.callee) && node.callee.name === 'Error';
}

/** The one function that may make a bare `Error`: a broken invariant is a bug, not an answer to anybody. */
function findInvariant({ program }: SourceFile): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  walk(program, (node) => {
    if (node.type === 'FunctionDeclaration' && isSyntaxNode(node.id) && node.id.name === 'invariant')
      found = node;
  });
  return found;
}

function contains(outer: SyntaxNode | undefined, inner: SyntaxNode): boolean {
  return outer !== undefined && outer.start <= inner.start && inner.end <= outer.end;
}

function countExports(source: SourceFile): { exportedCount: number; documentedCount: number } {
  const declared = (source.program.body as readonly unknown[]).filter(isExportedDeclaration);
  const documented = declared.filter((node) => hasDocComment(source, node));
  return { exportedCount: declared.length, documentedCount: documented.length };
}

function isExportedDeclaration(node: unknown): node is SyntaxNode {
  if (!isSyntaxNode(node)) return false;
  const named = node.type === 'ExportNamedDeclaration' && isSyntaxNode(node.declaration);
  return named || node.type === 'ExportDefaultDeclaration';
}

function hasDocComment({ comments, text }: SourceFile, node: SyntaxNode): boolean {
  return comments.some(
    ({ type, value, end }) =>
      type === 'Block' && value.startsWith('*') && end <= node.start && isBlank(text, end, node.start),
  );
}

function isBlank(text: string, from: number, to: number): boolean {
  return text.slice(from, to).trim() === '';
}
