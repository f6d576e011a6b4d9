import type { Zone } from './zone.ts';

/**
 * The instant, in milliseconds, at which a zone's clock shows a wall time, itself given as if it were UTC. A time that the clock
 * skips or shows twice is resolved as Go's `time.Date` does: by the offset that holds around it.
 */
export function fromWallMs(wallMs: number, zone: Zone): number {
  const guess = zone.offsetAt(wallMs / 1000);
  if (guess === 0) return wallMs;
  return wallMs - zone.offsetAt(wallMs / 1000 - guess) * 1000;
}

/** What the zone's clock shows at an instant, as a date whose UTC parts are the wall's. */
export function toWall(at: Date, zone: Zone): Date {
  return new Date(at.getTime() + zone.offsetAt(at.getTime() / 1000) * 1000);
}

const DAY_MS = 86_400_000;

/**
 * The instant, in milliseconds, at which a zone's clock first shows a wall time. One that the clock skips is as much later as the
 * clock was moved: it is read as if the clock had not been moved yet.
 */
export function toFirstInstantMs(wallMs: number, zone: Zone): number {
  const unmoved = wallMs - zone.segmentAt(wallMs - 2 * DAY_MS).offsetMs;
  const segment = zone.segmentAt(unmoved);
  const moved = wallMs - segment.offsetMs;
  return moved >= segment.changedMs ? moved : unmoved;
}
