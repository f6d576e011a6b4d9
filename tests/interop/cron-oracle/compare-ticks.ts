import { parseCron } from '@optimus/domain';
import { findZone } from '@optimus/domain/zone';
import type { CronQuestion } from './go-cron.ts';

/** When our schedule fires from an instant on and before another one, in milliseconds. */
export function listTicks({ expression, from, until }: CronQuestion): readonly number[] {
  const schedule = parseCron(expression);
  const ticks: number[] = [];
  for (let tick = schedule.next(new Date(from - 1)); tick && tick.getTime() < until; ) {
    ticks.push(tick.getTime());
    tick = schedule.next(tick);
  }
  return ticks;
}

/** A change of a zone's clock, and the time from it on in which the two contracts differ: as long as the clock was moved by. */
interface Change {
  readonly at: number;
  readonly until: number;
  readonly isForward: boolean;
}

/**
 * Whether ticks of ours and of robfig/cron are the same, but for two differences that are meant. Where a clock was moved forward
 * robfig drops the times that it skipped, and ours fire after the change. Where it was moved back robfig fires again, and ours do not.
 */
export function areAlike(
  { zone, from, until }: { readonly zone: string; readonly from: number; readonly until: number },
  ours: readonly number[],
  go: readonly number[],
): boolean {
  const changes = listChanges(zone, from, until);
  const isMoved = (tick: number, forward: boolean) =>
    changes.some(({ at, until: end, isForward }) => isForward === forward && tick >= at && tick < end);
  return (
    subtract(ours, go).every((tick) => isMoved(tick, true)) &&
    subtract(go, ours).every((tick) => isMoved(tick, false))
  );
}

/**
 * Whether a clock is moved by anything but an hour in this time, or so that midnight is among the times that it skips or shows twice.
 * There robfig/cron fires at odd times or searches for ever, so it is not asked.
 */
export function isMovedOddly(zone: string, from: number, until: number): boolean {
  return listChanges(zone, from, until).some(({ at, until: end }) => {
    const before = at + (findZone(zone)?.segmentAt(at - 1).offsetMs ?? 0);
    const [low, high] = [before - (end - at), before + (end - at)];
    return end - at !== HOUR_MS || Math.floor((low - 1) / DAY_MS) < Math.floor(high / DAY_MS);
  });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

function subtract(these: readonly number[], those: readonly number[]): readonly number[] {
  const known = new Set(those);
  return these.filter((one) => !known.has(one));
}

function listChanges(zone: string, from: number, until: number): readonly Change[] {
  const changes: Change[] = [];
  for (let at = from - 2 * 86_400_000; at < until; ) {
    const { untilMs, changedMs, offsetMs, offsetBeforeMs } = findZone(zone)?.segmentAt(at) ?? {};
    if (untilMs === undefined || changedMs === undefined) break;
    const movedBy = (offsetMs ?? 0) - (offsetBeforeMs ?? 0);
    if (movedBy !== 0)
      changes.push({ at: changedMs, until: changedMs + Math.abs(movedBy), isForward: movedBy > 0 });
    at = untilMs;
  }
  return changes;
}
