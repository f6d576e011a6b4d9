import { formatOffset } from './format-offset.ts';
import { type OffsetSegment, rememberSegments } from './offset-segments.ts';
import { ZONE_LETTERS } from './zone-letters.ts';

/** Where a time is written: how far from UTC, and by which letters. */
export interface Zone {
  readonly name: string;
  /** Seconds east of UTC at the instant, in seconds since 1970. */
  offsetAt(epochSeconds: number): number;
  /** The stretch of unchanged distance from UTC around the instant, in milliseconds since 1970. */
  segmentAt(epochMs: number): OffsetSegment;
  /** `CEST`, or `-03` for the zones of the database that have no letters; empty when nothing but the offset is known. */
  lettersAt(epochSeconds: number): string;
}

export const UTC: Zone = toFixedZone('UTC', 0);

/** A zone that never moves, e.g. of a parsed `+07:00`. */
export function toFixedZone(letters: string, offsetSeconds: number): Zone {
  const offsetMs = offsetSeconds * 1000;
  const segment: OffsetSegment = Object.freeze({
    fromMs: Number.NEGATIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
    offsetMs,
    changedMs: Number.NEGATIVE_INFINITY,
    offsetBeforeMs: offsetMs,
  });
  return Object.freeze({
    name: letters,
    offsetAt: () => offsetSeconds,
    segmentAt: () => segment,
    lettersAt: () => letters,
  });
}

const known = new Map<string, Zone | undefined>();
const MAX_KNOWN = 1000;

/** The zone of an IANA name; `Local` is UTC, as servers run in it. Undefined when there is no such zone. */
export function findZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  if (known.has(name)) return known.get(name);
  const zone = readZone(name);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(name, zone);
  return zone;
}

function readZone(name: string): Zone | undefined {
  const format = findFormat(name);
  if (!format) return undefined;
  const segmentAt = rememberSegments((epochSeconds) => readOffset(format, epochSeconds));
  const offsetAt = (epochSeconds: number): number => segmentAt(epochSeconds * 1000).offsetMs / 1000;
  return Object.freeze({
    name,
    offsetAt,
    segmentAt,
    lettersAt: (epochSeconds: number) => findLetters(name, epochSeconds, offsetAt),
  });
}

function findFormat(name: string): Intl.DateTimeFormat | undefined {
  // The platform would take offsets too, which are no names.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

const OFFSET = /GMT(?:(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)(?::(?<seconds>\d\d))?)?$/;

/** The platform tells the distance from UTC as text alone: `GMT-04:56:02`. */
function readOffset(format: Intl.DateTimeFormat, epochSeconds: number): number {
  const { groups } = OFFSET.exec(format.format(epochSeconds * 1000)) ?? {};
  const { sign, hours = 0, minutes = 0, seconds = 0 } = groups ?? {};
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

function findLetters(name: string, epochSeconds: number, offsetAt: (at: number) => number): string {
  const [standard, summer] = ZONE_LETTERS.get(name) ?? [];
  if (standard === undefined) return toNumericLetters(offsetAt(epochSeconds));
  if (summer === undefined) return standard;
  const year = new Date(epochSeconds * 1000).getUTCFullYear();
  const winter = Math.min(offsetAt(Date.UTC(year, 0, 1) / 1000), offsetAt(Date.UTC(year, 6, 1) / 1000));
  return offsetAt(epochSeconds) > winter ? summer : standard;
}

function toNumericLetters(offsetSeconds: number): string {
  const written = formatOffset('-0700', offsetSeconds);
  return written.endsWith('00') ? written.slice(0, 3) : written;
}
