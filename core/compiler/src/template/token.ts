import type { Span } from './source-text.ts';

/** What the lexer tells apart. `word` is a keyword or a function's name; `symbol` one of `( ) | , := =`. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'word'
  | 'field'
  | 'dot'
  | 'variable'
  | 'string'
  | 'raw-string'
  | 'number'
  | 'char'
  | 'symbol'
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written; the text of a `text` token is already trimmed by its neighbours' markers. */
  readonly text: string;
  /** White space stood before it inside the action: Go separates operands by it. */
  readonly spaced: boolean;
}
