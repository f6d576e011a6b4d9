import { windowFault } from './window-fault.ts';

/** The unit that a window's end is aligned to; `none` leaves the instant as it is. */
export type Truncation = 'hour' | 'day' | 'week' | 'month' | 'none';

const BY_LETTER: ReadonlyMap<string, Truncation> = new Map([
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['M', 'month'],
  ['', 'none'],
]);

/** Parses `truncate_to`. @throws OptimusError `WINDOW_INVALID` naming the value and the letters there are */
export function parseTruncation(value: string): Truncation {
  const truncation = BY_LETTER.get(value);
  if (truncation) return truncation;
  throw windowFault({
    field: 'truncate_to',
    value,
    problem: 'is not a unit',
    mend: 'write h, d, w or M, or leave it empty',
  });
}
