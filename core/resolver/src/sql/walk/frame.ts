import type { TablePath } from './table-path.ts';

/** What the walk expects next within one frame. */
export type Mode =
  /** The first token of a statement or of parentheses: it decides what they are. */
  | 'start'
  /** Between the words that open a statement and its query. */
  | 'head'
  /** A table that is written. */
  | 'target'
  /** One table that is read, outside a FROM clause. */
  | 'source'
  /** An item of a FROM clause. */
  | 'from'
  /** An item has just ended: its alias may come. */
  | 'alias'
  /** The rest of a FROM clause: conditions, samples; a comma or JOIN brings the next item. */
  | 'rest'
  /** Anything else of a query. */
  | 'expression'
  /** The name of a common table expression. */
  | 'cte-name'
  /** Its columns and AS; parentheses here hold its query. */
  | 'cte-as'
  | 'cte-body'
  /** Its query has ended: a comma brings the next one. */
  | 'cte-done'
  /** A statement that names no table of interest. */
  | 'skip';

/** A statement, or one pair of parentheses in it. */
export interface Frame {
  readonly kind: 'statement' | 'tables' | 'plain';
  mode: Mode;
  /** Whether FROM begins a clause: after SELECT, not in `EXTRACT(DAY FROM d)`. */
  query: boolean;
  /** The word that opened the statement, in upper case. */
  verb: string;
  /** How the table in mode `target` is used. */
  targetUse: 'write' | 'create' | 'temporary';
  /** The table of a DELETE. */
  deleted: TablePath | undefined;
  /** USING brings a table: in MERGE and DELETE. */
  usingIsSource: boolean;
  /** Not so in `LATERAL VIEW explode(m) AS k, v` and `VALUES (1), (2)`. */
  commasSeparate: boolean;
  recursive: boolean;
  /** The common table expression that this frame is about to define. */
  cteName: string;
  isCteBody: boolean;
  /** Open CASE expressions in the condition of a control statement. */
  openCases: number;
  /** The name an item of FROM has when it is given none. */
  impliedAlias: string;
  /** Counts of found tables: at WITH, at SELECT and at FROM. */
  withStart: number;
  branchStart: number;
  fromStart: number;
  /** Marks of the bindings at the start of the frame. */
  readonly cteMark: number;
  readonly aliasMark: number;
}

export function createFrame(
  kind: Frame['kind'],
  marks: { readonly ctes: number; readonly aliases: number; readonly found: number },
): Frame {
  return {
    kind,
    mode: 'start',
    query: false,
    verb: '',
    targetUse: 'write',
    deleted: undefined,
    usingIsSource: false,
    commasSeparate: true,
    recursive: false,
    cteName: '',
    isCteBody: false,
    openCases: 0,
    impliedAlias: '',
    withStart: marks.found,
    branchStart: marks.found,
    fromStart: marks.found,
    cteMark: marks.ctes,
    aliasMark: marks.aliases,
  };
}

export function isInFrom({ mode }: Frame): boolean {
  return mode === 'from' || mode === 'alias' || mode === 'rest';
}
