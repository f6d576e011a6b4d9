import { Temporal } from 'temporal-polyfill';
import { formatOffset } from './format-offset.ts';
import { ZONE_LETTERS } from './zone-letters.ts';

/** Where a time is written: how far from UTC, and by which letters. */
export interface Zone {
  readonly name: string;
  /** Seconds east of UTC at the instant, in seconds since 1970. */
  offsetAt(epochSeconds: number): number;
  /** `CEST`, or `-03` for the zones of the database that have no letters; empty when nothing but the offset is known. */
  lettersAt(epochSeconds: number): string;
}

export const UTC: Zone = Object.freeze({ name: 'UTC', offsetAt: () => 0, lettersAt: () => 'UTC' });

/** A zone that never moves, e.g. of a parsed `+07:00`. */
export function toFixedZone(letters: string, offsetSeconds: number): Zone {
  return Object.freeze({ name: letters, offsetAt: () => offsetSeconds, lettersAt: () => letters });
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
  // Temporal would take offsets and annotations too, which are no names.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return undefined;
  const offsetAt = rememberOffsets(
    (epochSeconds) =>
      Temporal.Instant.fromEpochMilliseconds(Math.floor(epochSeconds) * 1000).toZonedDateTimeISO(name)
        .offsetNanoseconds / 1e9,
  );
  try {
    offsetAt(0);
  } catch {
    return undefined;
  }
  return Object.freeze({
    name,
    offsetAt,
    lettersAt: (epochSeconds: number) => findLetters(name, epochSeconds, offsetAt),
  });
}

/** Since 1973 clocks have been moved at full quarters of an hour alone. */
const QUARTER_SECONDS = 900;
const FIRST_REMEMBERED = 94_694_400;
const MAX_REMEMBERED = 5000;

// The windows of a tick ask for the same few instants, for every job again.
function rememberOffsets(read: (epochSeconds: number) => number): (epochSeconds: number) => number {
  const remembered = new Map<number, number>();
  return (epochSeconds) => {
    if (epochSeconds < FIRST_REMEMBERED) return read(epochSeconds);
    const quarter = Math.floor(epochSeconds / QUARTER_SECONDS);
    const offset = remembered.get(quarter) ?? read(epochSeconds);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(quarter, offset);
    return offset;
  };
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
