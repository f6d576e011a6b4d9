import { type Log, OptimusError, pause, toBackOffMs, toErrorMessage } from '@optimus/domain';

/** How {@link persist} goes about its work. */
export interface PersistOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
  /** As in a log entry: `record the end of attempt 7`. */
  readonly what: string;
  /** Failures for which there is no point in trying again. Default: none. */
  readonly isFinal?: (thrown: unknown) => boolean;
}

/** Does the work until it succeeds, backing off between tries. @throws OptimusError `SERVER_STOPPING` when the signal aborts, and what `isFinal` says */
export async function persist<T>(work: () => Promise<T>, options: PersistOptions): Promise<T> {
  const { signal, log, what, isFinal } = options;
  for (let failures = 1; ; failures++) {
    if (signal.aborted) throw new OptimusError('SERVER_STOPPING', { message: `stopping; could not ${what}` });
    try {
      return await work();
    } catch (thrown) {
      if (isFinal?.(thrown)) throw thrown;
      log.warn(`could not ${what}; trying again`, { error: toErrorMessage(thrown), failures });
      await pause(toBackOffMs(failures), signal);
    }
  }
}

/** Whether the error means that another server owns the attempt by now, or that its end is recorded. */
export function isStale(thrown: unknown): boolean {
  return thrown instanceof OptimusError && thrown.code === 'FENCE_STALE';
}

/** Whether the database was away: the one failure that says nothing about the work itself. */
export function isDatabaseAway(thrown: unknown): boolean {
  return thrown instanceof OptimusError && thrown.code === 'DATABASE_UNAVAILABLE';
}
