import type { Interval, WindowPreset } from '@optimus/domain';
import { findZone, fromWallMs, toWall, UTC, type Zone } from '@optimus/domain/zone';
import { addSpan, type CalendarUnit, findUnit, parseCalendarSpan } from './calendar-span.ts';
import { startOfDay, startOfHour, startOfMonth, startOfWeek } from './utc-calendar.ts';
import { windowFault } from './window-fault.ts';

/**
 * The window of a version 3 specification, or of a preset: the instant, in the zone of its location, is truncated downwards to the
 * unit named or else that of the size, moved by `shift_by`, and reaches back by the size. @throws OptimusError `WINDOW_INVALID`
 */
export function computeWindowV3(preset: WindowPreset, scheduledAt: Date): Interval {
  const { location = '' } = preset;
  const zone = requireZone(location);
  const size = parseCalendarSpan('size', preset.size);
  const shift = parseCalendarSpan('shift_by', preset.shiftBy ?? '');
  const aligned = alignDown(scheduledAt, parseUnit(preset.truncateTo, size.unit), zone);
  const end = addSpan(aligned, shift, zone);
  const start = addSpan(addSpan(aligned, size, zone, -1), shift, zone);
  return zone === UTC ? { start, end } : { start, end, location };
}

function requireZone(location: string): Zone {
  const zone = findZone(location);
  if (zone) return zone;
  throw windowFault({
    field: 'location',
    value: location,
    problem: 'is not a time zone',
    mend: 'write a name of the IANA database such as Asia/Jakarta, or leave it empty for UTC',
  });
}

function parseUnit(value: string, ofSize: CalendarUnit | undefined): CalendarUnit | undefined {
  if (value === '') return ofSize;
  if (value === 'None') return undefined;
  const unit = findUnit(value);
  if (unit) return unit;
  throw windowFault({
    field: 'truncate_to',
    value,
    problem: 'is not a unit',
    mend: 'write h, d, w, M or y, None for no truncation, or leave it empty for the unit of the size',
  });
}

function alignDown(at: Date, unit: CalendarUnit | undefined, zone: Zone): Date {
  if (unit === undefined) return at;
  return new Date(fromWallMs(startOfUnit(toWall(at, zone), unit).getTime(), zone));
}

function startOfUnit(wall: Date, unit: CalendarUnit): Date {
  switch (unit) {
    case 'h':
      return startOfHour(wall);
    case 'd':
      return startOfDay(wall);
    case 'w':
      return startOfWeek(wall);
    case 'M':
      return startOfMonth(wall);
    default:
      return new Date(Date.UTC(wall.getUTCFullYear(), 0, 1));
  }
}
