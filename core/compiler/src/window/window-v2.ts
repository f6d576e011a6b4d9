import type { Interval, WindowSpec } from '@optimus/domain';
import { parseTruncation, type Truncation } from './truncation.ts';
import { addMonths, addMs, startOfDay, startOfHour, startOfMonth, startOfWeek } from './utc-calendar.ts';
import { parseWindowSpan } from './window-span.ts';

const NOTHING = { months: 0, durationMs: 0 };

/**
 * The window of a version 2 specification: the instant is truncated downwards (weeks begin on Monday), moved by the offset,
 * and reaches back by the size; months are calendar months. @throws OptimusError `WINDOW_INVALID`
 */
export function computeWindowV2(spec: WindowSpec, scheduledAt: Date): Interval {
  const size = parseWindowSpan('size', spec.size, NOTHING);
  const offset = parseWindowSpan('offset', spec.offset, NOTHING);
  const aligned = alignDown(scheduledAt, parseTruncation(spec.truncateTo));
  const end = addMonths(addMs(aligned, offset.durationMs), offset.months);
  return { start: addMonths(addMs(end, -size.durationMs), -size.months), end };
}

function alignDown(at: Date, truncation: Truncation): Date {
  switch (truncation) {
    case 'hour':
      return startOfHour(at);
    case 'day':
      return startOfDay(at);
    case 'week':
      return startOfWeek(at);
    case 'month':
      return startOfMonth(at);
    default:
      return at;
  }
}
