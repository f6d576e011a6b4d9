/** Where a text stops being JSON. Lines and columns count from 1, columns in UTF-16 units. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

const TOKEN =
  /[\t\n\r ]*(?:(?<punctuator>[{}[\],:])|(?<string>"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<literal>true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])))/y;

/** What may come next; the text holds a token of none of these where it is wrong. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'the end';

/** Finds the first error of a text that `JSON.parse` refused: its own messages do not always say where. */
export function findJsonError(text: string): JsonError {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  const end = text.trimEnd().length;
  while (offset < end) {
    TOKEN.lastIndex = offset;
    const groups = TOKEN.exec(text)?.groups;
    const next: Expected | undefined = groups && follow(expected, toKind(groups), open);
    if (next === undefined) break;
    expected = next;
    offset = TOKEN.lastIndex;
  }
  return toJsonError(text, offset, expected);
}

function toKind({ punctuator, string }: Record<string, string | undefined>): string {
  return punctuator ?? (string === undefined ? 'literal' : 'string');
}

function follow(expected: Expected, kind: string, open: ('[' | '{')[]): Expected | undefined {
  if (kind === ']' || kind === '}') return expected.endsWith(kind) ? leave(open) : undefined;
  switch (expected) {
    case 'value':
    case 'value or ]':
      return enter(kind, open);
    case 'key':
    case 'key or }':
      return kind === 'string' ? ':' : undefined;
    case ':':
      return kind === ':' ? 'value' : undefined;
    case ', or ]':
      return kind === ',' ? 'value' : undefined;
    case ', or }':
      return kind === ',' ? 'key' : undefined;
    case 'the end':
      return undefined;
  }
}

function enter(kind: string, open: ('[' | '{')[]): Expected | undefined {
  if (kind === '[' || kind === '{') {
    open.push(kind);
    return kind === '[' ? 'value or ]' : 'key or }';
  }
  return kind === 'string' || kind === 'literal' ? afterValue(open) : undefined;
}

function leave(open: ('[' | '{')[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly ('[' | '{')[]): Expected {
  const last = open.at(-1);
  if (last === undefined) return 'the end';
  return last === '[' ? ', or ]' : ', or }';
}

function toJsonError(text: string, from: number, expected: Expected): JsonError {
  const offset = from + (/^[\t\n\r ]*/.exec(text.slice(from))?.[0].length ?? 0);
  const before = text.slice(0, offset).split('\n');
  const found = text.slice(offset).match(/^./su)?.[0];
  const what = found === undefined ? 'the text ends' : `found ${JSON.stringify(found)}`;
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    problem: `${what} where ${expected} should be`,
  };
}
