import { formatOffset } from '@optimus/domain/zone';
import { isFraction, isOffset, MONTHS, parseLayout, WEEKDAYS } from './layout.ts';
import type { CivilTime } from './template-time.ts';

/** Writes a time by one of Go's layouts. */
export function formatTime(layout: string, time: CivilTime): string {
  return parseLayout(layout)
    .map(({ kind, text }) => (kind === 'text' ? text : formatPart(text, time)))
    .join('');
}

type PartFormat = (time: CivilTime) => string;

const PARTS: ReadonlyMap<string, PartFormat> = new Map<string, PartFormat>([
  ['2006', ({ year }) => pad(year, 4)],
  ['06', ({ year }) => pad(Math.abs(year) % 100, 2)],
  ['January', ({ month }) => MONTHS[month - 1] ?? ''],
  ['Jan', ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3)],
  ['1', ({ month }) => `${month}`],
  ['01', ({ month }) => pad(month, 2)],
  ['Monday', ({ weekday }) => WEEKDAYS[weekday] ?? ''],
  ['Mon', ({ weekday }) => (WEEKDAYS[weekday] ?? '').slice(0, 3)],
  ['2', ({ day }) => `${day}`],
  ['_2', ({ day }) => `${day}`.padStart(2)],
  ['02', ({ day }) => pad(day, 2)],
  ['__2', ({ yearDay }) => `${yearDay}`.padStart(3)],
  ['002', ({ yearDay }) => pad(yearDay, 3)],
  ['15', ({ hour }) => pad(hour, 2)],
  ['3', ({ hour }) => `${hour % 12 || 12}`],
  ['03', ({ hour }) => pad(hour % 12 || 12, 2)],
  ['4', ({ minute }) => `${minute}`],
  ['04', ({ minute }) => pad(minute, 2)],
  ['5', ({ second }) => `${second}`],
  ['05', ({ second }) => pad(second, 2)],
  ['PM', ({ hour }) => (hour >= 12 ? 'PM' : 'AM')],
  ['pm', ({ hour }) => (hour >= 12 ? 'pm' : 'am')],
  ['MST', ({ letters, offsetSeconds }) => letters || formatOffset('-0700', offsetSeconds)],
]);

function formatPart(part: string, time: CivilTime): string {
  if (isOffset(part)) return formatOffset(part, time.offsetSeconds);
  if (isFraction(part)) return formatFraction(part, time.nanosecond);
  return PARTS.get(part)?.(time) ?? part;
}

function formatFraction(part: string, nanosecond: number): string {
  const digits = `${nanosecond}`.padStart(9, '0').slice(0, part.length - 1);
  if (part[1] === '0') return part.charAt(0) + digits.padEnd(part.length - 1, '0');
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return end === 0 ? '' : part.charAt(0) + digits.slice(0, end);
}

function pad(value: number, width: number): string {
  const digits = `${Math.abs(value)}`.padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}
