import { invariant } from '../error/invariant.ts';

/** A stretch of time in which a zone keeps its distance from UTC. Times are milliseconds since 1970. */
export interface OffsetSegment {
  /** The stretch as far as it is known, `[fromMs, untilMs)`: the zone may well keep its distance before and after it. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Milliseconds east of UTC. */
  readonly offsetMs: number;
  /** When the zone changed to this distance, or `fromMs` when that was longer ago than concerns anybody. */
  readonly changedMs: number;
  /** Its distance before that; the same when it changed longer ago. */
  readonly offsetBeforeMs: number;
}

const DAY_MS = 86_400_000;
// The shortest stretch of any zone since 1970 has almost seven days.
const STEP_MS = 6 * DAY_MS;
/** No clock was ever moved by more than a day: a change that is longer ago concerns no time any more. */
const REACH_MS = 4 * DAY_MS;
const MAX_YEARS = 300;

/** The segments of a zone, found by asking for its distance from UTC (seconds, at an instant in seconds), a year at a time. */
export function rememberSegments(
  readOffset: (epochSeconds: number) => number,
): (epochMs: number) => OffsetSegment {
  const years = new Map<number, readonly OffsetSegment[]>();
  let newest: OffsetSegment | undefined;
  return (epochMs) => {
    if (newest && newest.fromMs <= epochMs && epochMs < newest.untilMs) return newest;
    const year = new Date(epochMs).getUTCFullYear();
    const segments = years.get(year) ?? findSegments(startOfYear(year), startOfYear(year + 1), readOffset);
    if (years.size >= MAX_YEARS) years.clear();
    years.set(year, segments);
    newest = segments.find(({ untilMs }) => epochMs < untilMs) ?? lastOf(segments);
    return newest;
  };
}

interface OffsetChange {
  readonly atMs: number;
  readonly offsetMs: number;
  readonly offsetBeforeMs: number;
}

function findSegments(
  fromMs: number,
  untilMs: number,
  readOffset: (epochSeconds: number) => number,
): readonly OffsetSegment[] {
  const offsetAt = (ms: number): number => readOffset(ms / 1000) * 1000;
  const changes = listChanges(fromMs - REACH_MS, untilMs, offsetAt);
  const begun = changes.findLast(({ atMs }) => atMs <= fromMs);
  const first = begun ?? noChange(fromMs, offsetAt(fromMs));
  const all = [first, ...changes.filter(({ atMs }) => atMs > fromMs)];
  return all.map((change, index) => ({
    fromMs: Math.max(fromMs, change.atMs),
    untilMs: all[index + 1]?.atMs ?? untilMs,
    offsetMs: change.offsetMs,
    changedMs: change.atMs,
    offsetBeforeMs: change.offsetBeforeMs,
  }));
}

function noChange(atMs: number, offsetMs: number): OffsetChange {
  return { atMs, offsetMs, offsetBeforeMs: offsetMs };
}

function listChanges(
  fromMs: number,
  untilMs: number,
  offsetAt: (ms: number) => number,
): readonly OffsetChange[] {
  const changes: OffsetChange[] = [];
  let before = offsetAt(fromMs);
  for (let low = fromMs; low < untilMs; low += STEP_MS) {
    const high = Math.min(low + STEP_MS, untilMs - 1000);
    const after = offsetAt(high);
    if (after !== before) {
      changes.push({ atMs: findChange(low, high, offsetAt), offsetMs: after, offsetBeforeMs: before });
    }
    before = after;
  }
  return changes;
}

/** The first second between two instants at which the distance is no longer that of the earlier one. */
function findChange(lowMs: number, highMs: number, offsetAt: (ms: number) => number): number {
  const before = offsetAt(lowMs);
  let [low, high] = [lowMs / 1000, highMs / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function lastOf(segments: readonly OffsetSegment[]): OffsetSegment {
  const last = segments.at(-1);
  invariant(last, 'a year has a segment');
  return last;
}

/** Date.UTC takes the years 0 to 99 for those of the last century. */
function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}
