import type { OffsetSegment } from '../zone/offset-segments.ts';
import type { Zone } from '../zone/zone.ts';
import { type CronCalendar, type Direction, findWallTick } from './cron-calendar.ts';

/** No clock is further from UTC, nor is ever moved by more. */
const DAY_MS = 86_400_000;

/**
 * The tick nearest to an instant, itself included, by the clock of a zone; undefined when there is none within five years.
 *
 * A time that the clock shows twice is a tick once, when it shows it first. A time that it skips is a tick as much later as the
 * clock was moved: it is read as if the clock had not been moved yet. Two times that come to the same instant are one tick.
 */
export function findZonedTick(
  calendar: CronCalendar,
  zone: Zone,
  fromMs: number,
  direction: Direction,
): number | undefined {
  let at = fromMs;
  for (;;) {
    const segment = zone.segmentAt(at);
    const tick = findTickOfSegment(calendar, segment, at, direction);
    if (tick !== undefined) return tick;
    const edge = direction === 1 ? segment.untilMs : segment.fromMs - 1;
    if (!Number.isFinite(edge)) return undefined;
    const wall = findWallTick(calendar, edge + segment.offsetMs - direction * DAY_MS, direction);
    if (wall === undefined) return undefined;
    // Nothing fires before that time comes near: years between two leap days are passed at once.
    at = direction === 1 ? Math.max(edge, wall - DAY_MS) : Math.min(edge, wall + DAY_MS);
  }
}

function findTickOfSegment(
  calendar: CronCalendar,
  segment: OffsetSegment,
  fromMs: number,
  direction: Direction,
): number | undefined {
  const shown = findShown(calendar, segment, fromMs, direction);
  const skipped = findSkipped(calendar, segment, fromMs, direction);
  const ticks = [shown, skipped].filter((tick) => tick !== undefined);
  if (ticks.length === 0) return undefined;
  return direction === 1 ? Math.min(...ticks) : Math.max(...ticks);
}

/** The nearest tick among the times that the clock shows in the segment for the first time. */
function findShown(
  calendar: CronCalendar,
  { fromMs, untilMs, offsetMs, changedMs, offsetBeforeMs }: OffsetSegment,
  nearMs: number,
  direction: Direction,
): number | undefined {
  const firstMs = Math.max(fromMs, changedMs + Math.max(0, offsetBeforeMs - offsetMs));
  return findWithin(calendar, { firstMs, untilMs, offsetMs }, nearMs, direction);
}

/** The nearest tick among the times that the clock skipped when the segment began. */
function findSkipped(
  calendar: CronCalendar,
  { fromMs, untilMs, offsetMs, changedMs, offsetBeforeMs }: OffsetSegment,
  nearMs: number,
  direction: Direction,
): number | undefined {
  const endMs = Math.min(untilMs, changedMs + offsetMs - offsetBeforeMs);
  if (offsetMs <= offsetBeforeMs || endMs <= fromMs) return undefined;
  const stretch = { firstMs: Math.max(fromMs, changedMs), untilMs: endMs, offsetMs: offsetBeforeMs };
  return findWithin(calendar, stretch, nearMs, direction);
}

interface Stretch {
  readonly firstMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

function findWithin(
  calendar: CronCalendar,
  { firstMs, untilMs, offsetMs }: Stretch,
  nearMs: number,
  direction: Direction,
): number | undefined {
  const start = direction === 1 ? Math.max(nearMs, firstMs) : Math.min(nearMs, untilMs - 1);
  const wall = findWallTick(calendar, start + offsetMs, direction);
  if (wall === undefined) return undefined;
  const tick = wall - offsetMs;
  return tick >= firstMs && tick < untilMs ? tick : undefined;
}
