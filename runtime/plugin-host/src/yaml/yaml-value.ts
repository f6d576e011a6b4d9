import { toSuggestion } from '@optimus/domain';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';

/** Files are written by hand; one larger than this is something else. */
const largestFileBytes = 1024 * 1024;

interface YamlSource {
  readonly plugin: PluginIdentity;
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Reads a file into its root value.
 * @throws OptimusError `PLUGIN_UNUSABLE` naming line and column, here and in every method of the value
 */
export function parseYamlFile(text: string, plugin: PluginIdentity): YamlValue {
  if (text.length > largestFileBytes) throw createUnusable(plugin, 'is larger than 1 MiB');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source = { plugin, document, lines };
  const [error] = document.errors;
  if (error) throw createProblem(source, error.pos[0], error.message);
  return new YamlValue(source, document.contents, '');
}

/** A value of a YAML file: read strictly, and whatever is wrong with it is told with its place. */
export class YamlValue {
  readonly #source: YamlSource;
  readonly #node: unknown;
  /** Such as `questions[0].name`; empty for the root. */
  readonly #path: string;

  constructor(source: YamlSource, node: unknown, path: string) {
    this.#source = source;
    this.#node = isAlias(node) ? node.resolve(source.document) : node;
    this.#path = path;
  }

  /** Numbers and yes or no are taken as they are written. */
  asText(): string {
    if (!isScalar(this.#node)) return this.#isNothing() ? '' : this.fail('is not a text');
    const { value, source } = this.#node;
    if (typeof value === 'string') return value;
    return value === null ? '' : (source ?? JSON.stringify(value));
  }

  asFilledText(): string {
    const text = this.asText();
    return text.trim() === '' ? this.fail('is empty') : text;
  }

  /** One of the given words, in any case. */
  asChoice<const T extends string>(choices: ReadonlyArray<T>): T {
    const text = this.asText().toLowerCase();
    const chosen = choices.find((choice) => choice === text);
    return (
      chosen ?? this.fail(`is "${this.asText()}"${toSuggestion(text, choices)}, not ${choices.join(' or ')}`)
    );
  }

  /** A whole number, zero or more. */
  asCount(): number {
    const text = this.asText();
    return /^\d{1,9}$/.test(text) ? Number(text) : this.fail('is not a whole number');
  }

  asFlag(): boolean {
    const text = this.asText();
    return text === 'true' || (text === 'false' ? false : this.fail('is neither true nor false'));
  }

  asPattern(): RegExp {
    const text = this.asText();
    // Go writes flags for the whole expression at its start.
    const [, flags = '', body = text] = /^\(\?([ims]+)\)(.*)$/s.exec(text) ?? [];
    try {
      return new RegExp(body, flags);
    } catch (error) {
      return this.fail(`is not a regular expression: ${error instanceof Error ? error.message : ''}`);
    }
  }

  asList(): ReadonlyArray<YamlValue> {
    if (this.#isNothing()) return [];
    if (!isSeq(this.#node)) return this.fail('is not a list');
    return this.#node.items.map((item, index) => this.#at(item, `${this.#path}[${index}]`));
  }

  /** The values by key, whatever the keys. */
  asEntries(): ReadonlyArray<readonly [key: string, value: YamlValue]> {
    if (this.#isNothing()) return [];
    if (!isMap(this.#node)) return this.fail('is not a mapping');
    return this.#node.items.map(({ key, value }) => {
      const name = this.#at(key, this.#path).asText();
      return [name, this.#at(value, this.#path === '' ? name : `${this.#path}.${name}`)] as const;
    });
  }

  /** The values of a mapping that may have no other keys than these. */
  asFields<K extends string>(known: ReadonlyArray<K>): YamlFields<K> {
    const fields = new Map<string, YamlValue>();
    for (const [key, value] of this.asEntries()) {
      if (!known.some((name) => name === key))
        this.#failAtKey(key, `unknown field "${key}"${toSuggestion(key, known)}`);
      fields.set(key, value);
    }
    return new YamlFields(this, fields);
  }

  fail(problem: string): never {
    throw createProblem(this.#source, this.#offset(), `${this.#path || 'the file'} ${problem}`);
  }

  #failAtKey(key: string, problem: string): never {
    const pair = isMap(this.#node) ? this.#node.items.find((item) => String(item.key) === key) : undefined;
    const at = isNode(pair?.key) ? pair.key.range?.[0] : undefined;
    throw createProblem(this.#source, at ?? this.#offset(), problem);
  }

  #at(node: unknown, path: string): YamlValue {
    return new YamlValue(this.#source, node, path);
  }

  #isNothing(): boolean {
    return (
      this.#node === null || this.#node === undefined || (isScalar(this.#node) && this.#node.value === null)
    );
  }

  #offset(): number {
    return isNode(this.#node) ? (this.#node.range?.[0] ?? 0) : 0;
  }
}

/** The fields of a mapping. */
export class YamlFields<K extends string> {
  readonly #owner: YamlValue;
  readonly #fields: ReadonlyMap<string, YamlValue>;

  constructor(owner: YamlValue, fields: ReadonlyMap<string, YamlValue>) {
    this.#owner = owner;
    this.#fields = fields;
  }

  find(name: K): YamlValue | undefined {
    return this.#fields.get(name);
  }

  get(name: K): YamlValue {
    return this.#fields.get(name) ?? this.#owner.fail(`has no "${name}"`);
  }

  /** Empty when the field is absent. */
  text(name: K): string {
    return this.find(name)?.asText() ?? '';
  }

  /** Empty when the field is absent. */
  list(name: K): ReadonlyArray<YamlValue> {
    return this.find(name)?.asList() ?? [];
  }
}

function createProblem({ plugin, lines }: YamlSource, offset: number, problem: string) {
  const { line, col } = lines.linePos(offset);
  return createUnusable(plugin, `${plugin.path}:${line}:${col}: ${problem}`, {
    hint: 'mend the file; the format is described in docs/plugins.md',
  });
}
