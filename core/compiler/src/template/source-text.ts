/** The text of one template and the name that errors call it by. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place for people: line and column count from 1, columns in characters. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Where an offset lies. Counted only when an error or warning is written, so parsing keeps plain offsets. */
export function locate(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: Array.from(before.slice(lineStart)).length + 1 };
}
