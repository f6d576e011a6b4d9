import type { Interval, WindowSpec } from '@optimus/domain';
import { parseTruncation, type Truncation } from './truncation.ts';
import { addDays, addMonths, addMs, startOfDay, startOfHour, startOfMonth } from './utc-calendar.ts';
import { parseWindowSpan, type WindowSpan } from './window-span.ts';

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;

/**
 * The window of a version 1 specification. A month is 720 hours everywhere but under `M`, where the window runs over whole
 * months and its end is, for better or worse, the last day of the month rather than the first of the next.
 * @throws OptimusError `WINDOW_INVALID`
 */
export function computeWindowV1(spec: WindowSpec, scheduledAt: Date): Interval {
  const sizeMs = toMs(parseWindowSpan('size', spec.size, { months: 0, durationMs: DAY_MS }));
  const offsetMs = toMs(parseWindowSpan('offset', spec.offset, { months: 0, durationMs: 0 }));
  // Specifications say "m" for no truncation too: the schema always took it, and it never truncated.
  const truncation = spec.truncateTo === 'm' ? 'none' : parseTruncation(spec.truncateTo);
  if (truncation === 'month') return toMonths(scheduledAt, sizeMs, offsetMs);
  const end = addMs(alignEnd(scheduledAt, truncation), offsetMs);
  return { start: addMs(end, -sizeMs), end };
}

function alignEnd(at: Date, truncation: Truncation): Date {
  switch (truncation) {
    case 'hour':
      return startOfHour(at);
    case 'day':
      return startOfDay(at);
    case 'week':
      return nextSunday(at);
    default:
      return at;
  }
}

// A Sunday belongs to the week that it begins, so its window ends a whole week later.
function nextSunday(at: Date): Date {
  return startOfDay(addDays(at, 7 - at.getUTCDay()));
}

function toMonths(at: Date, sizeMs: number, offsetMs: number): Interval {
  const first = addMonths(startOfMonth(at), Math.trunc(offsetMs / MONTH_MS));
  const earlier = Math.max(Math.trunc(sizeMs / MONTH_MS) - 1, 0);
  return { start: addMonths(first, -earlier), end: addDays(addMonths(first, 1), -1) };
}

function toMs({ months, durationMs }: WindowSpan): number {
  return months * MONTH_MS + durationMs;
}
