import { type ServiceError, status } from '@grpc/grpc-js';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { createPluginFailure, createUnusable, type PluginIdentity } from '../plugin-failure.ts';
import { describeExit, type ProcessWatch } from '../process/plugin-process.ts';

export interface FailedCall {
  readonly plugin: PluginIdentity;
  /** Name of the method, such as `GetQuestions`. */
  readonly method: string;
  readonly timeoutMs: number;
  /** The mod that has the method, and whose the request is. */
  readonly mod?: string;
  readonly jobName?: string | undefined;
  /** Nobody can read what the plugin prints, so a full pipe may have stopped it. */
  readonly isOutputUnread?: boolean;
}

const oldLibraryHint =
  'its library is very old: large console output can block it, rebuild it with a current one';

/** What a failed call means for the caller. For `UNAVAILABLE` use {@link createCrash}: it knows the exit. */
export function toCallFailure(thrown: unknown, call: FailedCall): OptimusError {
  if (thrown instanceof OptimusError) return thrown;
  const { plugin, method, timeoutMs } = call;
  const details = isServiceError(thrown) ? thrown.details : toErrorMessage(thrown);
  const code = isServiceError(thrown) ? thrown.code : status.UNKNOWN;
  switch (code) {
    case status.DEADLINE_EXCEEDED:
      return createPluginFailure(
        'PLUGIN_TIMEOUT',
        plugin,
        `did not answer ${method} within ${timeoutMs / 1000} s`,
        { cause: thrown, ...(call.isOutputUnread && { hint: oldLibraryHint }) },
      );
    case status.UNIMPLEMENTED:
      return createUnusable(
        plugin,
        `declares "${call.mod ?? 'base'}" but does not serve it: ${method}: ${details}`,
      );
    case status.RESOURCE_EXHAUSTED:
      return createPluginFailure(
        'MESSAGE_TOO_LARGE',
        plugin,
        `cannot take the request of ${method}: ${details}`,
        {
          hint: 'plugins written in Go take 4 MiB; make the assets smaller',
        },
      );
    case status.CANCELLED:
      return createPluginFailure('CANCELLED', plugin, `${method} was cancelled`, { cause: thrown });
    default:
      return createPluginFailure('PLUGIN_REFUSED', plugin, details, { cause: thrown });
  }
}

const mebibyte = 1024 * 1024;

/** A request that is beyond what the plugin takes: it is not even sent. */
export function createRequestTooLarge(
  { plugin, method, jobName }: FailedCall,
  bytes: number,
  limitBytes: number,
): OptimusError {
  const whose = jobName === undefined ? '' : `configuration and assets of job ${jobName} are too large: `;
  const size = (bytes / mebibyte).toFixed(1);
  return createPluginFailure(
    'MESSAGE_TOO_LARGE',
    plugin,
    `${whose}the request of ${method} has ${size} MiB; this plugin accepts ${limitBytes / mebibyte} MiB`,
    { hint: 'make the assets smaller, or let the image fetch what is large' },
  );
}

/** A call that ended with the process. */
export function createCrash(call: FailedCall, running: ProcessWatch, cause: unknown): OptimusError {
  const { plugin, method } = call;
  const how = running.exit === undefined ? 'its connection broke' : describeExit(running.exit);
  const tail = running.errorTail.length === 0 ? '' : `\nIts last log lines:\n${running.errorTail.join('\n')}`;
  return createPluginFailure('PLUGIN_CRASHED', plugin, `crashed during ${method} (${how})${tail}`, { cause });
}

export function isServiceError(thrown: unknown): thrown is ServiceError {
  return (
    thrown instanceof Error && 'code' in thrown && 'details' in thrown && typeof thrown.code === 'number'
  );
}

export function isStatus(thrown: unknown, code: status): boolean {
  return isServiceError(thrown) && thrown.code === code;
}
