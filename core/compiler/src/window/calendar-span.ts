import { fromWallMs, toWall, type Zone } from '@optimus/domain/zone';
import { addMonths } from './utc-calendar.ts';
import { windowFault } from './window-fault.ts';

const UNITS = ['h', 'd', 'w', 'M', 'y'] as const;

/** Hours, days, weeks beginning on Monday, months and years. */
export type CalendarUnit = (typeof UNITS)[number];

/** A number of one unit: `3d`, `-1M`. An hour is always 60 minutes; the others are counted on the calendar of a zone. */
export interface CalendarSpan {
  readonly count: number;
  /** Undefined: no length at all. */
  readonly unit: CalendarUnit | undefined;
}

const NOTHING: CalendarSpan = { count: 0, unit: undefined };
const SPAN = /^(-?\d{1,6})([a-zA-Z])$/;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Parses `size` or `shift_by`; empty and `None` are no length. @throws OptimusError `WINDOW_INVALID` naming field, value and units */
export function parseCalendarSpan(field: 'size' | 'shift_by', value: string): CalendarSpan {
  if (value === '' || value === 'None') return NOTHING;
  const [, count = '', letter = ''] = SPAN.exec(value) ?? [];
  if (count === '') throw spanFault(field, value, 'is not a length of time');
  const unit = findUnit(letter);
  if (!unit) throw spanFault(field, value, `has an invalid unit ${letter}`);
  if (field === 'size' && Number(count) < 0) {
    throw windowFault({
      field,
      value,
      problem: 'cannot be negative',
      mend: 'move the window with shift_by instead',
    });
  }
  return { count: Number(count), unit };
}

/** The unit of a letter, or undefined. */
export function findUnit(letter: string): CalendarUnit | undefined {
  return UNITS.find((unit) => unit === letter);
}

/** The instant a span later, or with a factor of -1 earlier; a day the month does not have runs over, as in Go. */
export function addSpan(at: Date, { count, unit }: CalendarSpan, zone: Zone, factor: 1 | -1 = 1): Date {
  if (unit === undefined || count === 0) return at;
  if (unit === 'h') return new Date(at.getTime() + factor * count * HOUR_MS);
  const wall = toWall(at, zone);
  return new Date(fromWallMs(moveWall(wall, unit, factor * count).getTime(), zone));
}

function moveWall(wall: Date, unit: Exclude<CalendarUnit, 'h'>, count: number): Date {
  switch (unit) {
    case 'd':
      return new Date(wall.getTime() + count * DAY_MS);
    case 'w':
      return new Date(wall.getTime() + 7 * count * DAY_MS);
    default:
      return addMonths(wall, unit === 'M' ? count : 12 * count);
  }
}

function spanFault(field: 'size' | 'shift_by', value: string, problem: string) {
  const mend = `write a number and one of the accepted units ${UNITS.join(', ')}, such as 1d or -2M`;
  return windowFault({ field, value, problem, mend });
}
