import type { DialectRules } from '../sql-dialect.ts';
import type { SqlProblem } from '../sql-tables.ts';
import { NO_VALUE, type SqlTokens } from '../token/sql-tokens.ts';
import { Bindings } from './bindings.ts';
import { FoundTables } from './found-tables.ts';
import { createFrame, type Frame } from './frame.ts';
import { readTablePath, type TablePath, toKey } from './table-path.ts';

/** A problem before its place is counted in lines. */
export interface FoundProblem {
  readonly kind: SqlProblem['kind'];
  readonly message: string;
  readonly offset: number;
}

/** Deeper than any statement people write; frames beyond it are not told apart. */
const DEEPEST = 500;

/** Where a walk over the tokens stands, and what it has found. */
export class SqlWalk {
  readonly tokens: SqlTokens;
  readonly rules: DialectRules;
  readonly found = new FoundTables();
  readonly problems: FoundProblem[] = [];
  readonly ctes = new Bindings();
  readonly aliases = new Bindings();
  readonly #temporary = new Set<string>();
  readonly #outer: Frame[] = [];
  #tooDeep = 0;
  /** The token that is looked at. */
  at = 0;
  frame: Frame;

  constructor(tokens: SqlTokens, rules: DialectRules) {
    this.tokens = tokens;
    this.rules = rules;
    this.frame = this.#createFrame('statement');
  }

  /** The keyword at a distance from the current token, or an empty text. */
  word(distance = 0): string {
    return this.tokens.word(this.at + distance);
  }

  symbol(distance = 0): string {
    return this.tokens.symbol(this.at + distance);
  }

  /** Passes over words that change nothing. */
  skipWords(words: RegExp): void {
    while (words.test(this.word())) this.at += 1;
  }

  openFrame(kind: Frame['kind']): void {
    if (this.#outer.length >= DEEPEST) {
      if (this.#tooDeep === 0) this.report('too-deep', `parentheses nest deeper than ${DEEPEST}`);
      this.#tooDeep += 1;
      return;
    }
    this.#outer.push(this.frame);
    this.frame = this.#createFrame(kind);
  }

  /** Leaves the current frame; a parenthesis too many is passed over. */
  closeFrame(): Frame | undefined {
    if (this.#tooDeep > 0) {
      this.#tooDeep -= 1;
      return undefined;
    }
    const parent = this.#outer.pop();
    if (!parent) return undefined;
    const closed = this.frame;
    this.#restore(closed);
    this.frame = parent;
    return closed;
  }

  /** Begins a statement, out of whatever parentheses the last one left open. */
  startStatement(): void {
    this.#tooDeep = 0;
    this.#restore(this.#outer[0] ?? this.frame);
    this.#outer.length = 0;
    this.frame = this.#createFrame('statement');
  }

  report(kind: SqlProblem['kind'], message: string, offset = this.tokens.start(this.at)): void {
    this.problems.push({ kind, message, offset });
  }

  readPath(): TablePath | undefined {
    return readTablePath(this.tokens, this.at, this.rules);
  }

  addRead(path: TablePath, at = this.at): void {
    if (this.#isNoTable(path)) return;
    this.found.add({ path, use: 'read', ignored: this.tokens.isMarked(at) });
  }

  addTarget(path: TablePath): void {
    const { targetUse } = this.frame;
    if (targetUse === 'temporary') this.#temporary.add(toKey(path.parts.at(-1) ?? '', this.rules));
    else if (!this.#isTemporary(path) && !isMetadata(path) && !this.#isTemplated(path))
      this.found.add({ path, use: targetUse, ignored: false });
  }

  /** Forgets the aliases of one branch of a union. */
  endBranch(): void {
    this.aliases.restore(this.frame.aliasMark);
  }

  /**
   * Names an item of FROM. Arrays of it were perhaps read in the SELECT list, before its name was known:
   * `SELECT ARRAY(SELECT x FROM t.items) FROM p.d.orders t`.
   */
  defineAlias(name: string): void {
    if (!this.rules.implicitUnnest || name === '') return;
    const { branchStart, fromStart } = this.frame;
    if (fromStart > branchStart && !this.aliases.has(name))
      this.found.strikeReads(name, { from: branchStart, to: fromStart }, ({ dotted }) => dotted);
    this.aliases.define(name);
  }

  /** Names a common table expression. Within WITH RECURSIVE an earlier one may have read it already. */
  defineCte(name: string): void {
    this.ctes.define(name);
    const { recursive, withStart } = this.frame;
    if (recursive)
      this.found.strikeReads(
        name,
        { from: withStart, to: this.found.count },
        ({ parts }) => parts.length === 1,
      );
  }

  #isNoTable(path: TablePath): boolean {
    const { parts, key, dotted } = path;
    if (parts.length === 1 && this.ctes.has(key)) return true;
    if (dotted && this.rules.implicitUnnest && this.aliases.has(key)) return true;
    return this.#isTemporary(path) || isMetadata(path) || isFile(path) || this.#isTemplated(path);
  }

  #isTemporary({ parts, key }: TablePath): boolean {
    if (parts.length === 1) return this.#temporary.has(key);
    return parts.length === 2 && /^(?:_session|pg_temp)$/i.test(key);
  }

  #isTemplated({ templated, parts, offset }: TablePath): boolean {
    const name = parts.join('.');
    const what = name.toLowerCase().includes(NO_VALUE)
      ? 'has no value before a run: it is misspelt, or a secret'
      : 'was not compiled';
    if (templated) this.report('unknown-table', `the name ${name} holds a template that ${what}`, offset);
    return templated;
  }

  #restore(frame: Frame): void {
    this.ctes.restore(frame.cteMark);
    this.aliases.restore(frame.aliasMark);
  }

  #createFrame(kind: Frame['kind']): Frame {
    return createFrame(kind, {
      ctes: this.ctes.mark(),
      aliases: this.aliases.mark(),
      found: this.found.count,
    });
  }
}

/** Catalogs that describe tables hold no data of anybody. */
function isMetadata({ parts }: TablePath): boolean {
  const last = parts.length - 1;
  return parts.some((part, place) => {
    const name = part.toLowerCase();
    if (place === last)
      return name === '__tables__' || name === '__tables_summary__' || (last === 0 && name === 'dual');
    return name === 'information_schema' || name === 'pg_catalog';
  });
}

const FILE_FORMAT = /^(?:parquet|delta|json|csv|orc|text|avro|binaryfile)$/;

function isFile({ parts: [first = '', second = ''] }: TablePath): boolean {
  if (second === '') return /[/\\]|\.(?:csv|parquet|json|ndjson|xlsx)(?:\.gz)?$/i.test(first);
  return second.includes('/') && FILE_FORMAT.test(first);
}
