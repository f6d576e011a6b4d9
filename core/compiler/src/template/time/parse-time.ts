import { toFixedZone, UTC, type Zone } from '@optimus/domain/zone';
import { isFraction, isOffset, type LayoutPiece, MONTHS, parseLayout, WEEKDAYS } from './layout.ts';
import { TemplateTime } from './template-time.ts';
import { TextCursor } from './text-cursor.ts';

/** What a text has told so far; parts that it does not hold keep the zero of Go. */
interface TimeParts {
  year: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  half?: 'am' | 'pm';
  offsetSeconds?: number;
  letters?: string;
  isUtc?: boolean;
}

/** No time is as long as that; bounds the search for names. */
const LONGEST_TEXT = 1000;

/** A time written by one of Go's layouts; without a zone it is UTC. Undefined when the text does not have that form. */
export function parseTime(layout: string, text: string): TemplateTime | undefined {
  if (layout.length > LONGEST_TEXT || text.length > LONGEST_TEXT) return undefined;
  const cursor = new TextCursor(text);
  const parts: TimeParts = { year: 0, hour: 0, minute: 0, second: 0, nanosecond: 0 };
  const pieces = parseLayout(layout);
  const isRead = pieces.every((piece, index) => readPiece(piece, pieces[index + 1], cursor, parts));
  return isRead && cursor.isAtEnd ? toTime(parts) : undefined;
}

function readPiece(
  piece: LayoutPiece,
  next: LayoutPiece | undefined,
  cursor: TextCursor,
  parts: TimeParts,
): boolean {
  const { kind, text } = piece;
  if (kind === 'text') return cursor.takeText(text);
  if (isOffset(text)) return readOffset(text, cursor, parts);
  if (isFraction(text)) return readFraction(text, cursor, parts);
  if (!(READERS.get(text)?.(cursor, parts) ?? false)) return false;
  // A fraction may follow the seconds although the layout has none.
  const isSecond = text === '5' || text === '05';
  if (isSecond && !(next?.kind === 'part' && isFraction(next.text))) readOptionalFraction(cursor, parts);
  return true;
}

type PartReader = (cursor: TextCursor, parts: TimeParts) => boolean;

const ONE_OR_TWO = /\d\d?/y;
const TWO = /\d\d/y;

/** A number within bounds; undefined when there is none. */
function readNumber(cursor: TextCursor, pattern: RegExp, [least, most]: readonly [number, number]) {
  const match = cursor.take(pattern);
  const value = match ? Number(match[0]) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function numberReader(
  field: 'month' | 'day' | 'hour' | 'minute' | 'second' | 'yearDay' | 'year',
  pattern: RegExp,
  bounds: readonly [number, number],
): PartReader {
  return (cursor, parts) => {
    const value = readNumber(cursor, pattern, bounds);
    if (value !== undefined) parts[field] = value;
    return value !== undefined;
  };
}

function readName(cursor: TextCursor, names: readonly string[]): number | undefined {
  const index = names.findIndex((name) => cursor.rest.toLowerCase().startsWith(name.toLowerCase()));
  const name = names[index];
  if (name === undefined) return undefined;
  cursor.take(new RegExp(`.{${name.length}}`, 'y'));
  return index;
}

function monthReader(names: readonly string[]): PartReader {
  return (cursor, parts) => {
    const index = readName(cursor, names);
    if (index !== undefined) parts.month = index + 1;
    return index !== undefined;
  };
}

// The day of the week is read and believed to agree with the date.
function weekdayReader(names: readonly string[]): PartReader {
  return (cursor) => readName(cursor, names) !== undefined;
}

function halfReader(pattern: RegExp): PartReader {
  return (cursor, parts) => {
    const half = cursor.take(pattern)?.[0].toLowerCase();
    if (half === 'am' || half === 'pm') parts.half = half;
    return half !== undefined;
  };
}

const toShort = (name: string): string => name.slice(0, 3);
const anyDay = [0, 99] as const;

const READERS: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ['2006', numberReader('year', /\d{4}/y, [0, 9999])],
  [
    '06',
    (cursor, parts) => {
      const year = readNumber(cursor, TWO, [0, 99]);
      if (year !== undefined) parts.year = year >= 69 ? 1900 + year : 2000 + year;
      return year !== undefined;
    },
  ],
  ['January', monthReader(MONTHS)],
  ['Jan', monthReader(MONTHS.map(toShort))],
  ['1', numberReader('month', ONE_OR_TWO, [1, 12])],
  ['01', numberReader('month', TWO, [1, 12])],
  ['Monday', weekdayReader(WEEKDAYS)],
  ['Mon', weekdayReader(WEEKDAYS.map(toShort))],
  ['2', numberReader('day', ONE_OR_TWO, anyDay)],
  ['_2', numberReader('day', / ?\d\d?/y, anyDay)],
  ['02', numberReader('day', TWO, anyDay)],
  ['__2', numberReader('yearDay', / {0,2}\d{1,3}/y, [0, 999])],
  ['002', numberReader('yearDay', /\d{3}/y, [0, 999])],
  ['15', numberReader('hour', ONE_OR_TWO, [0, 23])],
  ['3', numberReader('hour', ONE_OR_TWO, [0, 12])],
  ['03', numberReader('hour', TWO, [0, 12])],
  ['4', numberReader('minute', ONE_OR_TWO, [0, 59])],
  ['04', numberReader('minute', TWO, [0, 59])],
  ['5', numberReader('second', ONE_OR_TWO, [0, 59])],
  ['05', numberReader('second', TWO, [0, 59])],
  ['PM', halfReader(/[AP]M/y)],
  ['pm', halfReader(/[ap]m/y)],
  ['MST', readLetters],
]);

const OFFSETS: ReadonlyMap<string, RegExp> = new Map([
  ['07', /([+-])(\d\d)/y],
  ['0700', /([+-])(\d\d)(\d\d)/y],
  ['07:00', /([+-])(\d\d):(\d\d)/y],
  ['070000', /([+-])(\d\d)(\d\d)(\d\d)/y],
  ['07:00:00', /([+-])(\d\d):(\d\d):(\d\d)/y],
]);

function readOffset(part: string, cursor: TextCursor, parts: TimeParts): boolean {
  if (part.startsWith('Z') && cursor.take(/Z/y)) {
    parts.isUtc = true;
    return true;
  }
  const match = cursor.take(OFFSETS.get(part.slice(1)) ?? /$^/y);
  if (!match) return false;
  const [, sign, ...digits] = match;
  const [hours = 0, minutes = 0, seconds = 0] = digits.map(Number);
  if (hours > 24 || minutes > 60 || seconds > 60) return false;
  const distance = hours * 3600 + minutes * 60 + seconds;
  parts.offsetSeconds = sign === '-' && distance > 0 ? -distance : distance;
  return true;
}

// Three or four capital letters, or an offset in their place.
function readLetters(cursor: TextCursor, parts: TimeParts): boolean {
  if (cursor.take(/UTC/y)) {
    parts.isUtc = true;
    return true;
  }
  const match = cursor.take(
    /ChST|MeST|GMT[+-]\d\d?|[+-]\d\d?(?!\d)|WITA(?![A-Z])|[A-Z]{3,4}T(?![A-Z])|[A-Z]{3}(?![A-Z])/y,
  );
  if (!match) return false;
  parts.letters = match[0];
  return true;
}

function readFraction(part: string, cursor: TextCursor, parts: TimeParts): boolean {
  if (part[1] === '9') {
    readOptionalFraction(cursor, parts);
    return true;
  }
  const match = cursor.take(new RegExp(`[.,](\\d{${part.length - 1}})`, 'y'));
  if (match) parts.nanosecond = toNanoseconds(match[1]);
  return match !== undefined;
}

function readOptionalFraction(cursor: TextCursor, parts: TimeParts): void {
  const match = cursor.take(/[.,](\d+)/y);
  if (match) parts.nanosecond = toNanoseconds(match[1]);
}

function toNanoseconds(digits = ''): number {
  return Number(digits.slice(0, 9).padEnd(9, '0'));
}

function toTime(parts: TimeParts): TemplateTime | undefined {
  const { year, minute, second, nanosecond } = parts;
  const date = toDate(parts);
  if (date === undefined) return undefined;
  const seconds = date / 1000 + toHour(parts) * 3600 + minute * 60 + second;
  const asUtc = BigInt(seconds) * 1_000_000_000n + BigInt(nanosecond);
  const { zone, offsetSeconds } = toZone(parts);
  return year > 9999 ? undefined : new TemplateTime(asUtc - BigInt(offsetSeconds) * 1_000_000_000n, zone);
}

function toHour({ hour, half }: TimeParts): number {
  if (half === 'pm' && hour < 12) return hour + 12;
  return half === 'am' && hour === 12 ? 0 : hour;
}

/** Midnight UTC of the day in milliseconds; undefined when the calendar has no such day. */
function toDate({ year, month, day, yearDay }: TimeParts): number | undefined {
  const date = new Date(0);
  if (yearDay === undefined) {
    date.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
    return date.getUTCDate() === (day ?? 1) && date.getUTCMonth() === (month ?? 1) - 1
      ? date.getTime()
      : undefined;
  }
  date.setUTCFullYear(year, 0, yearDay);
  const agrees =
    (month ?? date.getUTCMonth() + 1) === date.getUTCMonth() + 1 &&
    (day ?? date.getUTCDate()) === date.getUTCDate();
  return yearDay >= 1 && date.getUTCFullYear() === year && agrees ? date.getTime() : undefined;
}

// Letters alone tell no distance: Go makes up a zone of that name at UTC, and moves none but Greenwich's afterwards.
function toZone({ isUtc = false, offsetSeconds, letters }: TimeParts): {
  readonly zone: Zone;
  readonly offsetSeconds: number;
} {
  if (isUtc) return { zone: UTC, offsetSeconds: 0 };
  if (offsetSeconds !== undefined) {
    const isLocal = offsetSeconds === 0 && (letters ?? 'UTC') === 'UTC';
    return { zone: isLocal ? UTC : toFixedZone(letters ?? '', offsetSeconds), offsetSeconds };
  }
  if (letters === undefined) return { zone: UTC, offsetSeconds: 0 };
  const hours = /^GMT([+-]\d+)$/.exec(letters)?.[1];
  return { zone: toFixedZone(letters, Number(hours ?? 0) * 3600), offsetSeconds: 0 };
}
