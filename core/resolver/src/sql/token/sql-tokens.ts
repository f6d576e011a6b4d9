/** What a token is. A number is a word that begins with a digit; spaces and comments are no tokens. */
export const TokenKind = {
  end: 0,
  /** May be a keyword. */
  word: 1,
  /** Spelt like a word but never a keyword: after a dot, `@` or `:`. */
  name: 2,
  quotedName: 3,
  string: 4,
  /** One character. */
  symbol: 5,
  /** `{{…}}`, `${…}` or `<no value>`: what a template left behind. */
  template: 6,
} as const;

/** What a template writes for a value that is not there. Source: Go's text/template. */
export const NO_VALUE = '<no value>';

export type TokenKindValue = (typeof TokenKind)[keyof typeof TokenKind];

const LONGEST_KEYWORD = 20;
/** Tokens to make room for at first; more room is made when it is needed. */
const LARGEST_START = 4096;

/** The tokens of a text in a few flat arrays: a script of megabytes has millions. */
export class SqlTokens {
  readonly source: string;
  #kinds: Uint8Array;
  #starts: Uint32Array;
  #ends: Uint32Array;
  readonly #marked = new Set<number>();
  #count = 0;

  constructor(source: string) {
    this.source = source;
    const size = Math.min(LARGEST_START, Math.ceil(source.length / 3) + 4);
    this.#kinds = new Uint8Array(size);
    this.#starts = new Uint32Array(size);
    this.#ends = new Uint32Array(size);
  }

  get count(): number {
    return this.#count;
  }

  add(kind: TokenKindValue, start: number, end: number): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  /** Marks the token that comes next as one to ignore. */
  markNext(): void {
    this.#marked.add(this.#count);
  }

  isMarked(index: number): boolean {
    return this.#marked.has(index);
  }

  /** `end` before the first token and after the last. */
  kind(index: number): number {
    return index < this.#count ? (this.#kinds[index] ?? TokenKind.end) : TokenKind.end;
  }

  start(index: number): number {
    return index < this.#count ? (this.#starts[index] ?? 0) : this.source.length;
  }

  end(index: number): number {
    return index < this.#count ? (this.#ends[index] ?? 0) : this.source.length;
  }

  text(index: number): string {
    return this.source.slice(this.start(index), this.end(index));
  }

  /** The keyword in upper case, or an empty text for what cannot be one. */
  word(index: number): string {
    if (this.kind(index) !== TokenKind.word) return '';
    const start = this.start(index);
    const end = this.end(index);
    return end - start > LONGEST_KEYWORD ? '' : this.source.slice(start, end).toUpperCase();
  }

  /** The character of a symbol, or an empty text. */
  symbol(index: number): string {
    return this.kind(index) === TokenKind.symbol ? (this.source[this.start(index)] ?? '') : '';
  }

  isName(index: number): boolean {
    const kind = this.kind(index);
    return kind === TokenKind.word || kind === TokenKind.name || kind === TokenKind.quotedName;
  }

  /** Whether nothing lies between this token and the one before. */
  touchesPrevious(index: number): boolean {
    return index > 0 && this.end(index - 1) === this.start(index);
  }

  #grow(): void {
    const size = this.#kinds.length * 2;
    const kinds = new Uint8Array(size);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#starts = growNumbers(this.#starts, size);
    this.#ends = growNumbers(this.#ends, size);
  }
}

function growNumbers(numbers: Uint32Array, size: number) {
  const grown = new Uint32Array(size);
  grown.set(numbers);
  return grown;
}
