import { parseGoDuration } from './go-duration.ts';
import { windowFault } from './window-fault.ts';

/** A length of time whose months keep their calendar length. Both parts have the same sign. */
export interface WindowSpan {
  readonly months: number;
  readonly durationMs: number;
}

const SPAN = /^(-?)(?:(\d{1,5})M)?(.*)$/;
const GRAMMAR =
  'write hours, minutes or seconds such as 24h or 2h45m, months such as 1M, or both such as -1M24h';

/**
 * Parses the `size` or `offset` of a window: `[-]nM`, a Go duration, or months followed by one. A sign before months counts
 * for the whole. Empty is `whenEmpty`. @throws OptimusError `WINDOW_INVALID` naming field, value and grammar
 */
export function parseWindowSpan(field: 'size' | 'offset', value: string, whenEmpty: WindowSpan): WindowSpan {
  if (value === '') return whenEmpty;
  const [, minus = '', months, rest = ''] = SPAN.exec(value) ?? [];
  const span = months === undefined ? parseDuration(value) : parseMonths(minus, months, rest);
  if (!span) throw windowFault({ field, value, problem: 'is not a length of time', mend: GRAMMAR });
  if (field === 'size' && (span.months < 0 || span.durationMs < 0)) {
    throw windowFault({
      field,
      value,
      problem: 'cannot be negative',
      mend: 'move the window with offset instead',
    });
  }
  return span;
}

function parseDuration(value: string): WindowSpan | undefined {
  const durationMs = parseGoDuration(value);
  return durationMs === undefined ? undefined : { months: 0, durationMs };
}

function parseMonths(minus: string, months: string, rest: string): WindowSpan | undefined {
  // A second sign has no meaning: the one before the months holds for all.
  const durationMs = rest === '' ? 0 : /^[+-]/.test(rest) ? undefined : parseGoDuration(rest);
  if (durationMs === undefined) return undefined;
  return minus === '-'
    ? { months: negate(Number(months)), durationMs: negate(durationMs) }
    : { months: Number(months), durationMs };
}

function negate(value: number): number {
  return value === 0 ? 0 : -value;
}
