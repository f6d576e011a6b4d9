import { formatOffset, toWall, UTC, type Zone } from '@optimus/domain/zone';

/** An instant as Go writes it: with `Z` or the zone's distance from UTC, without fractional seconds unless it has some. */
export function toRfc3339(at: Date, zone: Zone = UTC): string {
  const wall = toWall(at, zone)
    .toISOString()
    .replace(/(?:\.000)?Z$/, '');
  return wall + formatOffset('Z07:00', zone.offsetAt(at.getTime() / 1000));
}
