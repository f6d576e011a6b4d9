import { toSuggestion } from '@optimus/domain';
import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { CONFIG_PATHS, isConfigKey, readValue } from './config-keys.ts';
import type { ConfigProblem, ConfigSource, GivenValue } from './config-source.ts';

/** Keys that older files hold and that mean nothing here. */
const IGNORED = new Set(['version']);

/** Reads a file's text. Every problem in it is told, with its place. @param file as errors name it */
export function parseConfigFile(text: string, file: string): ConfigSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new ConfigReader({ document, lines, file });
  for (const { pos, message } of document.errors) reader.tell(pos[0], message);
  if (document.errors.length === 0) reader.readRoot();
  return reader;
}

interface ParsedFile {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly file: string;
}

class ConfigReader implements ConfigSource {
  readonly values: GivenValue[] = [];
  readonly problems: ConfigProblem[] = [];
  readonly #file: ParsedFile;

  constructor(file: ParsedFile) {
    this.#file = file;
  }

  readRoot(): void {
    const { contents } = this.#file.document;
    if (isMap(contents)) this.#readMap(contents, '');
    else if (contents !== null && !isEmpty(contents))
      this.tell(contents.range[0], 'the file is not a map of keys');
  }

  tell(offset: number, message: string): void {
    this.problems.push({ place: this.#place(offset), message });
  }

  #readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) this.#readPair(pair, prefix);
  }

  #readPair({ key, value }: Pair, prefix: string): void {
    const name = isScalar(key) ? String(key.value) : '';
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const offset = offsetOf(key);
    if (IGNORED.has(path)) return;
    if (isConfigKey(path)) return this.#readLeaf(path, value, offset);
    if (!CONFIG_PATHS.some((known) => known.startsWith(`${path}.`)))
      return this.tell(offset, toUnknownKey(path, name, prefix));
    if (isMap(value)) this.#readMap(value, path);
    else if (!isEmpty(value)) this.tell(offsetOf(value) || offset, `${path} holds keys, not a value`);
  }

  #readLeaf(key: GivenValue['key'], node: unknown, keyOffset: number): void {
    if (isEmpty(node)) return;
    const offset = offsetOf(node) || keyOffset;
    const read = readValue(key, (node as Node).toJS(this.#file.document));
    if ('problem' in read) this.tell(offset, read.problem);
    else this.values.push({ key, value: read.value, place: this.#place(offset) });
  }

  #place(offset: number): string {
    const { line, col } = this.#file.lines.linePos(offset);
    return `${this.#file.file}:${line}:${col}`;
  }
}

/** `key:` with nothing behind it gives no value. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** The nearest key of the same level first, then one of any level. */
function toUnknownKey(path: string, name: string, prefix: string): string {
  const depth = prefix === '' ? 0 : prefix.split('.').length;
  const siblings = CONFIG_PATHS.filter((known) => prefix === '' || known.startsWith(`${prefix}.`)).map(
    (known) => known.split('.')[depth] ?? '',
  );
  const suggestion =
    toSuggestion(name, siblings) ||
    toSuggestion(path, CONFIG_PATHS) ||
    toSuggestion(
      name,
      CONFIG_PATHS.map((known) => known.split('.').at(-1) ?? ''),
    );
  return `unknown key \`${path}\`${suggestion}`;
}
