import { OptimusError } from '@optimus/domain';

/** Which part of a window's specification is wrong, and how. */
export interface WindowFault {
  readonly field:
    | 'size'
    | 'offset'
    | 'shift_by'
    | 'truncate_to'
    | 'location'
    | 'preset'
    | 'interval'
    | 'version';
  readonly value: string;
  readonly problem: string;
  /** What to write instead. */
  readonly mend: string;
}

/** The error of a window that means nothing: code `WINDOW_INVALID`. */
export function windowFault({ field, value, problem, mend }: WindowFault): OptimusError {
  return new OptimusError('WINDOW_INVALID', {
    message: `window ${field} ${JSON.stringify(value)} ${problem}: ${mend}`,
    fields: { field, value },
  });
}
