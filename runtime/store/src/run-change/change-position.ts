import { OptimusError } from '@optimus/domain';

/**
 * Which changes a reader has seen, in terms of the transactions that wrote them. Ids are given out before their transactions
 * commit, so the greatest id that was seen says nothing about smaller ones; a snapshot does.
 */
export interface ChangePosition {
  /** Transactions from here on are not seen. Never beyond a transaction that has committed: PostgreSQL may use others again after a crash. */
  readonly end: bigint;
  /** Transactions before `end` that are not seen: they were under way. Ascending. */
  readonly missing: readonly bigint[];
  /** The last transaction that was seen, maybe in part: up to `lastId`. */
  readonly last: bigint;
  readonly lastId: bigint;
}

/** What a statement sees of other transactions. */
export interface Snapshot {
  /** The first transaction that has not begun. */
  readonly end: bigint;
  /** Transactions before `end` that are under way. */
  readonly running: readonly bigint[];
}

/** A change by the transaction that wrote it. */
export interface WrittenChange {
  readonly transaction: bigint;
  readonly id: bigint;
}

/** `10:20:10,14`, as PostgreSQL writes a snapshot. */
export function parseSnapshot(text: string): Snapshot {
  const [, end = '0', running = ''] = text.split(':');
  return { end: BigInt(end), running: toTransactions(running) };
}

/** The position of a reader that has seen what the snapshot shows, of which `newest` is the last change. */
export function startAt(snapshot: Snapshot, newest: WrittenChange): ChangePosition {
  const { transaction: last, id: lastId } = newest;
  return { end: last + 1n, missing: snapshot.running.filter((one) => one < last), last, lastId };
}

/**
 * The position after one more change, read in a snapshot that shows all that was seen before. Whoever calls this goes through the
 * changes in the order of their transactions and ids, after the rest of `position.last`.
 */
export function moveOn(
  position: ChangePosition,
  snapshot: Snapshot,
  { transaction: last, id: lastId }: WrittenChange,
): ChangePosition {
  if (last === position.last) return { ...position, lastId };
  const before = snapshot.running.filter((one) => one < last);
  const after = position.missing.filter((one) => one > last);
  const end = position.end > last ? position.end : last + 1n;
  return { end, missing: [...before, ...after], last, lastId };
}

/** The least transaction that may have changes which were not seen. */
export function findFirstMissing({ end, missing }: ChangePosition): bigint {
  return missing[0] ?? end;
}

/** As PostgreSQL reads a snapshot. */
export function toSnapshotText(position: ChangePosition): string {
  return `${findFirstMissing(position)}:${position.end}:${position.missing.join()}`;
}

/** A position as a client keeps it: with the database that it is of, and when it was given. */
export interface GivenPosition {
  readonly position: ChangePosition;
  /** The beginning of the database's UUID. */
  readonly database: string;
  /** By the clock of the database, in s since 1970. */
  readonly givenAt: number;
}

/** `database/end:missing/last.lastId/givenAt`. */
export function formatPosition({ position, database, givenAt }: GivenPosition): string {
  const { end, missing, last, lastId } = position;
  return `${database}/${end}:${missing.join()}/${last}.${lastId}/${givenAt}`;
}

const POSITION =
  /^([0-9a-f]{8})\/(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)\/(\d{1,19})\.(\d{1,18})\/(\d{1,11})$/;

/** @throws OptimusError `REQUEST_INVALID` */
export function parsePosition(text: string): GivenPosition {
  const [isWhole, database = '', end = '', missing = '', last = '', lastId = '', givenAt = ''] =
    POSITION.exec(text) ?? [];
  if (isWhole === undefined) throw toMalformed();
  const position = {
    end: BigInt(end),
    missing: toTransactions(missing),
    last: BigInt(last),
    lastId: BigInt(lastId),
  };
  if (!isSound(position)) throw toMalformed();
  return { position, database, givenAt: Number(givenAt) };
}

function isSound({ end, missing, last }: ChangePosition): boolean {
  const isAscending = missing.every((one, index) => one > (missing[index - 1] ?? -1n));
  return isAscending && [last, ...missing].every((one) => one < end) && !missing.includes(last);
}

function toTransactions(text: string): readonly bigint[] {
  return text === '' ? [] : text.split(',').map(BigInt);
}

function toMalformed(): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: 'the id to go on after is not one that this stream gave',
    hint: 'list the runs, and listen without an id',
    fields: { field: 'after' },
  });
}
