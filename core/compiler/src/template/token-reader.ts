import type { OptimusError } from '@optimus/domain';
import { tokenize } from './lexer.ts';
import type { SourceText, Span } from './source-text.ts';
import { parseFault, toExcerpt } from './template-error.ts';
import type { Token } from './token.ts';

/** A cursor over a template's tokens, and the errors that point at them. */
export class TokenReader {
  readonly source: SourceText;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #index = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.#tokens = tokenize(source);
    const length = source.text.length;
    this.#end = { kind: 'end', text: '', start: length, end: length, spaced: false };
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    this.#index++;
    return token;
  }

  /** The next token is this symbol or keyword. */
  isNext(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'symbol' || token.kind === 'word') && token.text === text;
  }

  /** Takes the symbol or keyword if it is next. */
  accept(text: string): boolean {
    const found = this.isNext(text);
    if (found) this.#index++;
    return found;
  }

  /** Takes the end of an action, or fails naming what the action is. */
  expectClose(context: string): Token {
    const token = this.next();
    if (token.kind !== 'close') throw this.unexpected(token, context);
    return token;
  }

  unexpected(token: Token, context: string): OptimusError {
    const what =
      token.kind === 'end'
        ? 'unexpected end of template'
        : `unexpected ${JSON.stringify(toExcerpt(token.text))}`;
    return this.fault(token, `${what} in ${context}`);
  }

  fault(span: Span, message: string, hint?: string): OptimusError {
    return parseFault({ source: this.source, span, message, hint });
  }
}
