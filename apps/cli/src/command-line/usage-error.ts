import { OptimusError } from '@optimus/domain';

/** An error in how the command was called: it names the flag, and the command ends with exit code 2. */
export function createUsageError(flag: string, message: string, hint?: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `--${flag} ${message}`,
    ...(hint === undefined ? {} : { hint }),
    fields: { flag },
  });
}

/** An answer that nobody can be asked for. */
export function createMissingAnswerError(flag: string, question: string, valueHint: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `"${question}" has no answer, and there is no terminal to ask on`,
    hint: `give it with --${flag} ${valueHint}`.trimEnd(),
    fields: { flag },
  });
}

/** Whether an error is about the call rather than about what was asked for. */
export function isUsageError(error: OptimusError): boolean {
  return error.fields['flag'] !== undefined;
}
