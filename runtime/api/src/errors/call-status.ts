import { randomUUID } from 'node:crypto';
import { type Log, OptimusError } from '@optimus/domain';
import { type StatusName, toStatusName } from './status-code.ts';

/** How a call ended. Everything but `OK` reaches the client as an error. */
export interface CallStatus {
  readonly name: StatusName;
  /** For people; empty when `OK`. */
  readonly message: string;
  /** The stable code of the domain's error, such as `JOB_NOT_FOUND`; empty when `OK`. */
  readonly reason: string;
  readonly hint: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A call that did what it was asked. */
export const OK: CallStatus = Object.freeze({ name: 'OK', message: '', reason: '', hint: '', fields: {} });

/** What a client is told of whatever was thrown. Of an unexpected failure only an id, under which the log has the cause. */
export function toCallStatus(thrown: unknown, log: Log): CallStatus {
  if (!(thrown instanceof OptimusError)) return toInternalStatus(thrown, log);
  const { kind, code, message, hint, fields } = thrown;
  if (kind === 'internal') return toInternalStatus(thrown, log);
  return { name: toStatusName(kind), message, reason: code, hint: hint ?? '', fields };
}

/** The reason of a signal that aborts because the call's deadline passed; any other reason: the client left. */
export const DEADLINE_PASSED = Symbol('deadline passed');

/** The status of a call whose signal was aborted. */
export function toAbortedStatus(reason: unknown): CallStatus {
  return reason === DEADLINE_PASSED
    ? {
        ...OK,
        name: 'DEADLINE_EXCEEDED',
        message: "the call's deadline has passed",
        reason: 'DEADLINE_EXCEEDED',
      }
    : { ...OK, name: 'CANCELLED', message: 'the client left', reason: 'CANCELLED' };
}

function toInternalStatus(thrown: unknown, log: Log): CallStatus {
  const id = randomUUID();
  log.error('a call failed unexpectedly', { errorId: id, error: thrown });
  return {
    name: 'INTERNAL',
    message: `the server failed unexpectedly (error id ${id})`,
    reason: thrown instanceof OptimusError ? thrown.code : 'INTERNAL',
    hint: "the server's log has the cause under this id",
    fields: { errorId: id },
  };
}
