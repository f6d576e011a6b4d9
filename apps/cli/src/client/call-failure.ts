import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type ServiceError, status } from '@grpc/grpc-js';
import { ERROR_KINDS, type ErrorCode, OptimusError } from '@optimus/domain';
import { grpc } from '@optimus/proto';
import type { Connection } from './connect.ts';

/** Codes for answers that carry none of the server's own: those of a proxy, or of another implementation. */
const CODES: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.CANCELLED]: 'CANCELLED',
  [status.INVALID_ARGUMENT]: 'REQUEST_INVALID',
  [status.DEADLINE_EXCEEDED]: 'SERVER_UNREACHABLE',
  [status.NOT_FOUND]: 'NOT_FOUND',
  [status.ALREADY_EXISTS]: 'SECRET_EXISTS',
  [status.PERMISSION_DENIED]: 'PERMISSION_DENIED',
  [status.RESOURCE_EXHAUSTED]: 'MESSAGE_TOO_LARGE',
  [status.FAILED_PRECONDITION]: 'PRECONDITION_FAILED',
  [status.ABORTED]: 'VERSION_CONFLICT',
  [status.UNIMPLEMENTED]: 'FEATURE_UNSUPPORTED',
  [status.UNAVAILABLE]: 'SERVER_UNREACHABLE',
  [status.UNAUTHENTICATED]: 'UNAUTHENTICATED',
};

/** What the server refused or failed at, in the words it used. */
export function toCallFailure(thrown: unknown, target: string): OptimusError {
  if (!isServiceError(thrown)) return createBrokenCallError(thrown, target);
  return createServerError(thrown, target);
}

function createServerError(error: ServiceError, target: string): OptimusError {
  const sent = readSentDetail(error);
  const hint = sent.hint ?? findHint(error, target);
  return new OptimusError(sent.code ?? CODES[error.code] ?? 'INVARIANT_BROKEN', {
    message: toMessage(error, target),
    ...(hint === undefined ? {} : { hint }),
    fields: { server: target },
  });
}

interface SentDetail {
  readonly code?: ErrorCode | undefined;
  readonly hint?: string | undefined;
}

/** The code and the next step that the server sent along, as `ErrorInfo` and `Help`. */
function readSentDetail({ metadata }: ServiceError): SentDetail {
  const [bytes] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return {};
  const { details } = fromBinary(grpc.StatusSchema, bytes);
  const info = details.map((detail) => anyUnpack(detail, grpc.ErrorInfoSchema)).find(isPresent);
  const help = details.map((detail) => anyUnpack(detail, grpc.HelpSchema)).find(isPresent);
  return { code: toErrorCode(info?.reason), hint: help?.links[0]?.description };
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function toErrorCode(reason: string | undefined): ErrorCode | undefined {
  return reason !== undefined && isErrorCode(reason) ? reason : undefined;
}

function isErrorCode(reason: string): reason is ErrorCode {
  return Object.hasOwn(ERROR_KINDS, reason);
}

function createBrokenCallError(cause: unknown, target: string): OptimusError {
  const message = `the call to the server at ${target} broke`;
  return new OptimusError('INVARIANT_BROKEN', { message, fields: { server: target }, cause });
}

function toMessage(error: ServiceError, target: string): string {
  if (error.code === status.DEADLINE_EXCEEDED) return toLateMessage(target);
  return error.details || `the server at ${target} failed without saying why`;
}

function findHint(error: ServiceError, target: string): string | undefined {
  if (error.code === status.UNAUTHENTICATED) {
    return 'set OPTIMUS_AUTH_BEARER_TOKEN to a token of the server, or OPTIMUS_AUTH_BASIC_TOKEN to user:password';
  }
  if (error.code === status.UNAVAILABLE)
    return `check that the server at ${target} is running, then try again`;
  if (error.code === status.INTERNAL) return 'look for the reason in the log of the server';
  return undefined;
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'metadata' in thrown && 'details' in thrown;
}

/** Whether the server cannot answer now but may soon: worth another try where the call changes nothing. */
export function isUnavailable(thrown: unknown): boolean {
  return isServiceError(thrown) && thrown.code === status.UNAVAILABLE;
}

/** The error of a server that was reached and takes too long. */
export function createLateError(target: string): OptimusError {
  return new OptimusError('SERVER_UNREACHABLE', {
    message: toLateMessage(target),
    fields: { server: target },
  });
}

function toLateMessage(target: string): string {
  return `the server at ${target} did not answer in time`;
}

/** The error of a server that cannot be reached, with what to check first. */
export function createUnreachableError(
  target: string,
  connection: Exclude<Connection, 'ready'>,
): OptimusError {
  const reason = connection === 'refused' ? 'accepts no connection' : 'does not answer';
  return new OptimusError('SERVER_UNREACHABLE', {
    message: `cannot reach the Optimus server: ${target} ${reason}`,
    hint: 'start a server with: optimus serve, or name another with --host host:port',
    fields: { server: target },
  });
}
