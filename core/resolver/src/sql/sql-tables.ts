/** A place in a text. */
export interface SqlPosition {
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** Characters from the start of the line, from 1. */
  readonly column: number;
}

/** A table that a statement names. */
export interface TableRef {
  /**
   * One part to three (four with a catalog of catalogs), outermost first, as the dialect folds them: `['p', 'd', 't']`. The last part
   * may end in `*`: every table of the dataset that begins so. No partition decorator.
   */
  readonly parts: readonly string[];
  /** Of the first place that names it. */
  readonly position: SqlPosition;
}

/** A table that is written. */
export interface WrittenTable extends TableRef {
  /** Whether the first statement that writes it makes it: `CREATE TABLE`, `CREATE VIEW`. */
  readonly created: boolean;
}

/** What kept the text from being understood in full. */
export interface SqlProblem {
  readonly kind: /** A statement that is put together when it runs, or a procedure that lies elsewhere. */
    | 'unknown-statement'
    /** A table whose name is a parameter, a variable or a template. */
    | 'unknown-table'
    /** A string, a quoted name or a comment that never ends. */
    | 'unterminated'
    /** Parentheses deeper than anybody writes. */
    | 'too-deep';
  readonly message: string;
  readonly position: SqlPosition;
}

/** The tables of a script, each once, in the order of the text. */
export interface SqlTables {
  /** Without temporary tables, common table expressions, functions, files, arrays and catalogs of metadata. */
  readonly reads: readonly TableRef[];
  /** Filled, changed, emptied or defined. `DROP` and most of `ALTER` count as neither. */
  readonly writes: readonly WrittenTable[];
  /** Read at places marked `@ignoreupstream`, and at no other. */
  readonly ignored: readonly TableRef[];
  readonly problems: readonly SqlProblem[];
}
