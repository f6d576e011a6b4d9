import { OptimusError } from '@optimus/domain';

/** The error for an attempt that cannot be run, whatever its task is. */
export function executorFailed(attemptId: string, problem: string, cause?: unknown): OptimusError {
  return new OptimusError('EXECUTOR_FAILED', {
    message: `attempt ${attemptId} ${problem}`,
    fields: { attempt: attemptId },
    cause,
  });
}
