import { OptimusError, toErrorMessage } from '@optimus/domain';
import { DatabaseError } from 'pg';

/** SQLSTATE classes and codes of a database that cannot be reached or is going away, as opposed to one that says no. */
const UNAVAILABLE_STATE = /^(08|57P0|53300)/;
const UNAVAILABLE_MESSAGE =
  /ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|Connection terminated|timeout exceeded when trying to connect|not queryable|timeout expired/;
/** A text that PostgreSQL cannot hold: it has no way to store the NUL character. */
const UNSTORABLE_STATE = /^(22021|22P05)$/;
/** It takes JSON with one half of a pair of UTF-16 for no JSON at all, and says why in the detail. */
const HALF_CHARACTER = /surrogate/;

/** The domain's error for anything that the driver throws; domain errors pass through. */
export function toStoreError(thrown: unknown): unknown {
  if (thrown instanceof OptimusError) return thrown;
  const message = toErrorMessage(thrown);
  if (isUnavailable(thrown, message)) return unavailableError(message, thrown);
  if (thrown instanceof DatabaseError && isUnstorable(thrown)) return unstorableError(thrown);
  return new OptimusError('DATABASE_FAILED', {
    message: `the database refused a statement: ${message}`,
    cause: thrown,
  });
}

/** Whether the error, mapped or not, is the violation of a constraint or unique index. */
export function isViolationOf(thrown: unknown, constraint: string): boolean {
  const error = findDatabaseError(thrown);
  return error?.constraint === constraint;
}

/** Whether trying the same transaction again may succeed: a deadlock, or a serialisation failure. */
export function isWorthRetrying(thrown: unknown): boolean {
  const code = findDatabaseError(thrown)?.code;
  return code === '40P01' || code === '40001';
}

function findDatabaseError(thrown: unknown): DatabaseError | undefined {
  if (thrown instanceof DatabaseError) return thrown;
  return thrown instanceof OptimusError && thrown.cause instanceof DatabaseError ? thrown.cause : undefined;
}

function isUnavailable(thrown: unknown, message: string): boolean {
  if (thrown instanceof DatabaseError) return UNAVAILABLE_STATE.test(thrown.code ?? '');
  return UNAVAILABLE_MESSAGE.test(`${message} ${toCode(thrown)}`);
}

function isUnstorable({ code = '', detail = '' }: DatabaseError): boolean {
  return UNSTORABLE_STATE.test(code) || (code === '22P02' && HALF_CHARACTER.test(detail));
}

/** A refused connection to several addresses is an AggregateError with an empty message. */
function toCode(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

function unavailableError(message: string, cause: unknown): OptimusError {
  return new OptimusError('DATABASE_UNAVAILABLE', {
    message: `the database cannot be reached: ${message || toCode(cause)}`,
    hint: 'see whether PostgreSQL runs and serve.db.dsn names it',
    cause,
  });
}

function unstorableError(cause: DatabaseError): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: 'a text holds the character U+0000 or half a character, which the database cannot store',
    hint: 'remove it',
    cause,
  });
}
