import { OptimusError } from '../error/optimus-error.ts';
import type { JobSchedule } from '../job/job-spec.ts';
import { planFirstTick } from '../schedule/plan-runs.ts';
import type { Interval } from './run.ts';

/** A job that another one waits for. */
export interface UpstreamTicks {
  readonly schedule: JobSchedule;
  /** The data window of the upstream's run at an instant; it never moves back as the instant moves on. */
  readonly windowAt: (instant: Date) => Interval;
}

/** What ticks are multiples of: `@every 6s` has some that no minute has. */
const TICK_MS = 1_000;
const HOUR_MS = 3_600_000;
/** No window lies further from its tick. */
const LONGEST_LAG_MS = 20 * 366 * 86_400_000;
/** More runs of one upstream are not waited for: it is a window of years over a schedule of minutes. */
const MOST_TICKS = 10_000;

/**
 * The runs of an upstream that are needed for a window: the fewest whose windows cover it, and of those the earliest. What the
 * upstream's schedule never covers is not waited for, nor is anything of a job that runs by hand only. Ascending. Pure.
 * @throws OptimusError `WINDOW_INVALID`, `SCHEDULE_INVALID`
 */
export function listNeededTicks(window: Interval, upstream: UpstreamTicks): readonly Date[] {
  if (upstream.schedule.interval.trim() === '' || window.start >= window.end) return [];
  const covering = listCoveringRuns(window, upstream);
  return pickFewest(window, covering).map(({ tick }) => tick);
}

interface CoveringRun {
  readonly tick: Date;
  readonly start: number;
  readonly end: number;
}

/** The upstream's runs from the first one that reaches into the window to the first one that reaches its end. */
function listCoveringRuns(window: Interval, upstream: UpstreamTicks): readonly CoveringRun[] {
  const runs: CoveringRun[] = [];
  const end = window.end.getTime();
  let tick = findTick(upstream, findReach(window.start, upstream));
  while (tick) {
    const run = toRun(tick, upstream);
    if (run.start >= end) break;
    if (run.start < run.end) runs.push(run);
    if (run.end >= end) break;
    if (runs.length > MOST_TICKS) throw tooMany();
    tick = findTick(upstream, new Date(tick.getTime() + 1));
  }
  return runs;
}

function toRun(tick: Date, { windowAt }: UpstreamTicks): CoveringRun {
  const { start, end } = windowAt(tick);
  return { tick, start: start.getTime(), end: end.getTime() };
}

/** The first tick at or after the instant at which the upstream runs. */
function findTick({ schedule }: UpstreamTicks, from: Date): Date | undefined {
  return planFirstTick({ schedule, catchUp: true }, from, new Date(from.getTime() - 1));
}

/** Backwards from the last: of the runs that reach to where the cover begins so far, the one that begins first. */
function pickFewest({ start, end }: Interval, runs: readonly CoveringRun[]): readonly CoveringRun[] {
  const picked: CoveringRun[] = [];
  let edge = end.getTime();
  for (let index = runs.length - 1; index >= 0 && edge > start.getTime(); index--) {
    const reach = Math.min(edge, runs[index]?.end ?? edge);
    while ((runs[index - 1]?.end ?? Number.NEGATIVE_INFINITY) >= reach) index--;
    const run = runs[index];
    if (!run) break;
    picked.unshift(run);
    edge = Math.min(edge, run.start);
  }
  return picked;
}

/** The first second whose window ends after the instant: looked for around where it would be if windows kept their distance. */
function findReach(instant: Date, { windowAt }: UpstreamTicks): Date {
  const reaches = (at: number): boolean => windowAt(new Date(at)).end > instant;
  const lag = instant.getTime() - windowAt(instant).end.getTime();
  const guess = Math.floor((instant.getTime() + lag) / TICK_MS) * TICK_MS;
  let [low, high] = bracket(guess, reaches);
  while (high - low > TICK_MS) {
    const middle = low + Math.ceil((high - low) / TICK_MS / 2) * TICK_MS;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return new Date(high);
}

/** Two seconds around the guess, of which the later reaches and the earlier does not, in steps that grow. */
function bracket(guess: number, reaches: (at: number) => boolean): [low: number, high: number] {
  let step = HOUR_MS;
  let [low, high] = [guess - step, guess];
  while (!reaches(high) && step < LONGEST_LAG_MS) [low, high, step] = [high, high + step, 2 * step];
  while (reaches(low) && step < LONGEST_LAG_MS) [low, high, step] = [low - step, low, 2 * step];
  return [low, high];
}

function tooMany(): OptimusError {
  return new OptimusError('WINDOW_INVALID', {
    message: `the window needs more than ${MOST_TICKS} runs of one upstream`,
    hint: 'choose a smaller window, or have the upstream run less often',
  });
}
