import type { SourceText } from './source-text.ts';
import { parseFault } from './template-error.ts';
import type { Token, TokenKind } from './token.ts';

const OPEN = '{{';
const CLOSE = '}}';
const TRIM_LEFT = /[ \t\r\n]*/y;
const SPACE = /[ \t\r\n]+/y;
const TRIMMED_CLOSE = /[ \t\r\n]+-\}\}/y;
const COMMENT_CLOSE = /\*\/(?:[ \t\r\n]+-)?\}\}/y;
const TERMINATOR = /[ \t\r\n.,|:()]|\}\}|$/y;

/** The tokens in the order in which they are tried, each anchored at the cursor. */
const TOKENS: ReadonlyArray<readonly [TokenKind, RegExp]> = [
  ['symbol', /:=|[=|(),]/y],
  ['number', /[+-]?(?:\.\d|\d)(?:[eEpP][+-]|[\w.])*/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['raw-string', /`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
];

/** Kinds that must be followed by a terminator: `$x$y` and `.a"b"` are mistakes, not two operands. */
const NEEDS_TERMINATOR: ReadonlySet<TokenKind> = new Set(['field', 'variable', 'word', 'number', 'dot']);

const UNCLOSED: Readonly<Record<string, string>> = {
  '"': 'unterminated quoted string',
  '`': 'unterminated raw quoted string',
  "'": 'unterminated character constant',
};

/** Splits a template into tokens; the last one is always `end`. @throws OptimusError `TEMPLATE_INVALID` */
export function tokenize(source: SourceText): readonly Token[] {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #position = 0;
  #trimNext = false;

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
  }

  run(): readonly Token[] {
    while (this.#position < this.#text.length) {
      const open = this.#text.indexOf(OPEN, this.#position);
      this.#readText(open < 0 ? this.#text.length : open);
      if (open < 0) break;
      this.#readAction();
    }
    this.#push('end', this.#text.length, false);
    return this.#tokens;
  }

  #readText(end: number): void {
    let text = this.#text.slice(this.#position, end);
    if (this.#trimNext) text = text.slice(matchLength(TRIM_LEFT, text, 0));
    if (this.#opensTrimmed(end)) text = trimEnd(text);
    if (text !== '') this.#tokens.push({ kind: 'text', text, start: this.#position, end, spaced: false });
    this.#position = end;
    this.#trimNext = false;
  }

  #opensTrimmed(at: number): boolean {
    const marker = at + OPEN.length;
    return this.#text[marker] === '-' && matchLength(SPACE, this.#text, marker + 1) > 0;
  }

  #readAction(): void {
    const start = this.#position;
    const bodyStart = start + OPEN.length + (this.#opensTrimmed(start) ? 1 : 0);
    const comment = bodyStart + matchLength(TRIM_LEFT, this.#text, bodyStart);
    if (this.#text.startsWith('/*', bodyStart === start + OPEN.length ? bodyStart : comment)) {
      this.#skipComment(start, comment);
      return;
    }
    this.#position = bodyStart;
    this.#tokens.push({ kind: 'open', text: OPEN, start, end: bodyStart, spaced: false });
    while (this.#readToken(start));
  }

  #skipComment(start: number, commentStart: number): void {
    const end = this.#text.indexOf('*/', commentStart + 2);
    if (end < 0) this.#fail(start, this.#text.length, 'unclosed comment', 'end it with */}}');
    const length = matchLength(COMMENT_CLOSE, this.#text, end);
    if (length === 0)
      this.#fail(start, end + 2, 'comment ends before closing delimiter', 'write */}} or */ -}}');
    this.#position = end + length;
    this.#trimNext = length > '*/}}'.length;
  }

  /** Reads one token inside an action; false once the action is closed. */
  #readToken(actionStart: number): boolean {
    const trimmedClose = matchLength(TRIMMED_CLOSE, this.#text, this.#position);
    if (trimmedClose > 0) return this.#close(trimmedClose, true);
    const space = matchLength(SPACE, this.#text, this.#position);
    this.#position += space;
    if (this.#text.startsWith(CLOSE, this.#position)) return this.#close(CLOSE.length, false);
    if (this.#position >= this.#text.length)
      this.#fail(actionStart, this.#text.length, 'unclosed action', 'end it with }}');
    this.#readOperand(space > 0);
    return true;
  }

  #close(length: number, trimNext: boolean): boolean {
    this.#push('close', this.#position + length, false);
    this.#trimNext = trimNext;
    return false;
  }

  #readOperand(spaced: boolean): void {
    for (const [kind, pattern] of TOKENS) {
      const length = matchLength(pattern, this.#text, this.#position);
      if (length === 0) continue;
      const end = this.#position + length;
      if (NEEDS_TERMINATOR.has(kind)) this.#requireTerminator(end);
      this.#push(kind, end, spaced);
      return;
    }
    this.#failAtCharacter(this.#position);
  }

  #requireTerminator(end: number): void {
    TERMINATOR.lastIndex = end;
    if (TERMINATOR.test(this.#text)) return;
    const character = String.fromCodePoint(this.#text.codePointAt(end) ?? 0);
    this.#fail(
      this.#position,
      end + character.length,
      `bad character ${JSON.stringify(character)}`,
      'separate operands by a space',
    );
  }

  #failAtCharacter(at: number): never {
    const character = String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
    const unclosed = UNCLOSED[character];
    const lineEnd = this.#text.indexOf('\n', at);
    if (unclosed !== undefined) this.#fail(at, lineEnd < 0 ? this.#text.length : lineEnd, unclosed);
    return this.#fail(at, at + character.length, `unexpected ${JSON.stringify(character)} in action`);
  }

  #push(kind: TokenKind, end: number, spaced: boolean): void {
    const start = this.#position;
    this.#tokens.push({ kind, text: this.#text.slice(start, end), start, end, spaced });
    this.#position = end;
  }

  #fail(start: number, end: number, message: string, hint?: string): never {
    throw parseFault({ source: this.#source, span: { start, end }, message, hint });
  }
}

/** How many characters the sticky pattern matches at an offset. */
function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

// By index: a pattern anchored at the end takes quadratic time on long runs of white space.
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
