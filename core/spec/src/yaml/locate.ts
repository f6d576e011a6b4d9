import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';

/** A place in a text: line and column from 1 on. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A syntax error and its place. */
export interface SyntaxProblem extends Position {
  readonly message: string;
  /** Whether the text can be read in spite of it: a key given twice has its last value. */
  readonly isRepeatedKey: boolean;
}

/** A parsed text that can say where a path lies. Slow and exact: made only for a text that has problems. */
export interface YamlMap {
  readonly syntaxProblems: readonly SyntaxProblem[];
  /** Where the value at the path begins, or its key when `what` is `key`; the nearest ancestor's when there is no such path. */
  positionOf(path: readonly PropertyKey[], what?: 'key' | 'value'): Position;
  /** Whether the text itself has the path. */
  has(path: readonly PropertyKey[]): boolean;
  /** Where keys of that name stand, at any depth. */
  positionsOfKey(key: string): readonly Position[];
  /** The text as plain values, scalars as text. @throws what the parser throws when aliases explode */
  toValue(): unknown;
}

/** Parses a text for its positions. */
export function mapYaml(text: string): YamlMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', merge: true });
  const toPosition = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return {
    syntaxProblems: withoutEchoes([
      ...listErrors(document, text, toPosition),
      ...listMapKeys(document, toPosition),
    ]),
    positionOf: (path, what = 'value') => toPosition(findPlace(document.contents, path, what).offset),
    has: (path) => findPlace(document.contents, path, 'value').isExact,
    positionsOfKey: (key) => listKeyOffsets(document, key).map(toPosition),
    toValue: () => document.toJS(),
  };
}

function listErrors(
  { errors }: Document,
  text: string,
  toPosition: (offset: number) => Position,
): readonly SyntaxProblem[] {
  return errors.map(({ code, message, pos: [from] }) => {
    return {
      ...toPosition(from),
      message: toSyntaxMessage(code, message, text.slice(from)),
      isRepeatedKey: code === 'DUPLICATE_KEY',
    };
  });
}

/** An error leaves the parser out of step, and what it says of the rest of the line tells the same once more. */
function withoutEchoes(problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const byLine = Map.groupBy(problems, ({ line }) => line);
  return [...byLine.values()].flatMap((own) => {
    const [first] = own.filter(({ isRepeatedKey }) => !isRepeatedKey).toSorted((a, b) => a.column - b.column);
    return [...(first ? [first] : []), ...own.filter(({ isRepeatedKey }) => isRepeatedKey)];
  });
}

/** YAML takes them; what is meant is a template, which looks like a map in a map. */
function listMapKeys(document: Document, toPosition: (offset: number) => Position): readonly SyntaxProblem[] {
  const found: SyntaxProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isMap(key) && key.flow)
        found.push({ ...toPosition(offsetOf(key) ?? 0), message: BARE_TEMPLATE, isRepeatedKey: false });
    },
  });
  return found;
}

function listKeyOffsets(document: Document, wanted: string): readonly number[] {
  const found: number[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (keyText(key) === wanted) found.push(offsetOf(key) ?? 0);
    },
  });
  return found;
}

const BARE_TEMPLATE = 'a map cannot be a key; put a template into quotes, such as "{{.DSTART}}"';

/** In our words where the parser's speak of its own functions. */
function toSyntaxMessage(code: string, message: string, textFromHere: string): string {
  if (code === 'DUPLICATE_KEY') {
    const key = /^[^:\n]*/.exec(textFromHere)?.[0].trim() ?? '';
    return `the key ${key} is given twice, remove one`;
  }
  if (code === 'MULTIPLE_DOCS') return 'begins a second document; a file holds one, so remove the line ---';
  if (code === 'MULTILINE_IMPLICIT_KEY')
    return 'has no key and value; is a colon missing, or the blank behind it?';
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && message.startsWith('Nested mappings'))
    return 'is followed by a second key: put a text with a colon into quotes, or align the next line with the key';
  return firstSentence(message);
}

/** Without the place and the excerpt, which the reader gets in our own form. */
function firstSentence(message: string): string {
  return message.split(/ at line \d|\n/)[0] ?? message;
}

function findPlace(root: Node | null, path: readonly PropertyKey[], what: 'key' | 'value') {
  let node: unknown = root;
  let offset = offsetOf(root) ?? 0;
  for (const [index, step] of path.entries()) {
    const found = findChild(node, step);
    if (!found) return { offset, isExact: false };
    const isLast = index === path.length - 1;
    offset = (isLast && what === 'key' ? found.keyOffset : undefined) ?? found.offset ?? offset;
    node = found.value;
  }
  return { offset, isExact: true };
}

interface Child {
  readonly value: unknown;
  readonly offset: number | undefined;
  readonly keyOffset?: number | undefined;
}

function findChild(node: unknown, step: PropertyKey): Child | undefined {
  if (isAlias(node) || !isCollection(node)) return undefined;
  if (!isMap(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { value: item, offset: offsetOf(item) };
  }
  const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(step));
  if (!pair) return undefined;
  const keyOffset = offsetOf(pair.key);
  return { value: pair.value, offset: offsetOf(pair.value) ?? keyOffset, keyOffset };
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
