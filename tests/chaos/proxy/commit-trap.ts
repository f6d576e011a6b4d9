import { toBoundStatement, toQueryText, type WireMessage } from './message-reader.ts';

/** Where on the way of a statement something happens. */
export const MOMENTS = ['before', 'unsent', 'unanswered'] as const;

/**
 * `before`: the statement has not reached the database. `unsent`: it has, and its commit has not. `unanswered`: it is committed,
 * and the server is not told.
 */
export type Moment = (typeof MOMENTS)[number];

/** A point on the way of a server's statement to the database and back. */
export interface CommitPoint {
  /** Name of the prepared statement. */
  readonly statement: string;
  readonly moment: Moment;
  /** Which of the passings counts, from 1. */
  readonly passing: number;
}

/** Statements that answer a row also when they changed nothing, and how long a row is at least that says they did. */
const LEAST_ROW_BYTES: Readonly<Record<string, number>> = { run_claim: 200 };

/** Watches one connection for a commit point. Answers whether a message must be held back, because the point is reached. */
export class ConnectionWatch {
  readonly #point: CommitPoint;
  readonly #onReached: () => boolean;
  #isInTransaction = false;
  #hasStatement = false;
  #hasRows: boolean;
  #awaitsAnswer = false;

  /** @param onReached counts the passing; true when it is the one */
  constructor(point: CommitPoint, onReached: () => boolean) {
    this.#point = point;
    this.#onReached = onReached;
    this.#hasRows = !this.#needsRows;
  }

  get #needsRows(): boolean {
    return LEAST_ROW_BYTES[this.#point.statement] !== undefined;
  }

  /** A message of the server to its database. */
  sees(message: WireMessage): boolean {
    if (message.type === 'Q') return this.#seesQuery(toQueryText(message));
    if (message.type === 'B' && toBoundStatement(message) === this.#point.statement) {
      this.#hasStatement = true;
      this.#hasRows = !this.#needsRows;
      return this.#point.moment === 'before' && this.#onReached();
    }
    return message.type === 'S' && !this.#isInTransaction && this.#seesCommit();
  }

  /** An answer of the database. */
  hears({ type, bytes }: WireMessage): boolean {
    if (type === 'D' && bytes.length >= (LEAST_ROW_BYTES[this.#point.statement] ?? 0)) this.#hasRows = true;
    if (type !== 'Z' || !this.#awaitsAnswer) return false;
    this.#awaitsAnswer = false;
    return this.#hasRows && this.#onReached();
  }

  #seesQuery(text: string): boolean {
    const word = text.slice(0, 8).toUpperCase();
    if (word.startsWith('BEGIN')) {
      this.#isInTransaction = true;
      this.#hasStatement = false;
      return false;
    }
    const isCommit = word.startsWith('COMMIT');
    if (isCommit || word.startsWith('ROLLBACK')) this.#isInTransaction = false;
    return isCommit && this.#seesCommit();
  }

  #seesCommit(): boolean {
    if (!this.#hasStatement) return false;
    this.#hasStatement = false;
    this.#awaitsAnswer = this.#point.moment === 'unanswered';
    return this.#point.moment === 'unsent' && this.#hasRows && this.#onReached();
  }
}
