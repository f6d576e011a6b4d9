import type { JobSchedule } from '../job/job-spec.ts';
import { type CronSchedule, parseTickRule, toStartOfDay } from './cron-schedule.ts';

/** The part of a job's specification that decides its ticks. */
export interface TickPlanInput {
  readonly schedule: JobSchedule;
  readonly catchUp: boolean;
}

/** Due ticks and where the cursor stands after them. */
export interface TickPlan {
  readonly ticks: readonly Date[];
  /** The next tick that is not in `ticks`; undefined when the schedule has ended. */
  readonly next: Date | undefined;
}

/**
 * The tick at which the job's next run fires, given the newest one planned before; undefined when there is none.
 *
 * A run fires at the end of its cron interval, so the first one fires at the second tick at or after `startDate`. Without
 * `catchUp` a job begins with the newest tick that is due at `now`, and one whose schedule is over does not begin at all. Ticks up
 * to `lastPlanned` are never planned again, even when the dates of the schedule were moved back. Pure.
 * @throws OptimusError `SCHEDULE_INVALID`
 */
export function planFirstTick(
  input: TickPlanInput,
  now: Date,
  lastPlanned: Date | undefined,
): Date | undefined {
  if (input.schedule.interval === '') return undefined;
  const cron = parseTickRule(input.schedule);
  const first = findFirstRun(cron, input.schedule);
  const earliest = lastPlanned ? laterOf(first, cron.next(lastPlanned)) : first;
  const begin = input.catchUp
    ? earliest
    : earliest && laterOf(earliest, findNewestDue(cron, now) ?? earliest);
  return begin && withinEnd(begin, findLastRun(cron, input.schedule));
}

/**
 * The ticks from `cursor` on that are due at `now`, at most `limit`, and the cursor's next position. Without `catchUp` the newest of
 * them alone: what was missed while no server ran is skipped, but never the last tick of a schedule. Pure.
 * @throws OptimusError `SCHEDULE_INVALID`
 */
export function planTicks(input: TickPlanInput, cursor: Date, now: Date, limit: number): TickPlan {
  const cron = parseTickRule(input.schedule);
  const last = findLastRun(cron, input.schedule);
  const ticks: Date[] = [];
  let next = withinEnd(input.catchUp ? cursor : skipMissed(cron, { cursor, now, last }), last);
  while (next && next <= now && ticks.length < limit) {
    ticks.push(next);
    const following = cron.next(next);
    next = following && withinEnd(following, last);
  }
  return { ticks, next };
}

/** The first and the last tick at which a schedule fires a run; either undefined when there is none. Pure. @throws OptimusError `SCHEDULE_INVALID` */
export function findScheduleBounds(schedule: JobSchedule): {
  readonly first: Date | undefined;
  readonly last: Date | undefined;
} {
  const cron = parseTickRule(schedule);
  return { first: findFirstRun(cron, schedule), last: findLastRun(cron, schedule) };
}

function skipMissed(
  cron: CronSchedule,
  { cursor, now, last }: { readonly cursor: Date; readonly now: Date; readonly last: Date | undefined },
): Date {
  const newest = findNewestDue(cron, now);
  if (!newest || newest <= cursor) return cursor;
  return last && last < newest ? laterOf(cursor, last) : newest;
}

function findFirstRun(cron: CronSchedule, schedule: JobSchedule): Date | undefined {
  const firstTick = cron.next(new Date(toStartOfDay(schedule.startDate, schedule).getTime() - 1));
  return firstTick && cron.next(firstTick);
}

/** The tick that ends the last interval, or undefined when the schedule has no end. `endDate` bounds an interval's start. */
function findLastRun(cron: CronSchedule, schedule: JobSchedule): Date | undefined {
  if (schedule.endDate === undefined) return undefined;
  const end = toStartOfDay(schedule.endDate, schedule);
  const start = findNewestDue(cron, end);
  return (start && cron.next(start)) ?? end;
}

function findNewestDue(cron: CronSchedule, now: Date): Date | undefined {
  return cron.previous(new Date(now.getTime() + 1));
}

function withinEnd(tick: Date, last: Date | undefined): Date | undefined {
  return last && tick > last ? undefined : tick;
}

function laterOf(a: Date, b: Date): Date;
function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined;
function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a > b ? a : b) : undefined;
}
