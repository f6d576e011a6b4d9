import type { JobSchedule } from '../job/job-spec.ts';
import { type CronSchedule, parseCron } from './cron-schedule.ts';

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
 * `catchUp` a job that is new at `now` starts with its newest tick that is due. Pure; all times UTC.
 * @throws OptimusError `SCHEDULE_INVALID`
 */
export function planFirstTick(
  input: TickPlanInput,
  now: Date,
  lastPlanned: Date | undefined,
): Date | undefined {
  if (input.schedule.interval === '') return undefined;
  const cron = parseCron(input.schedule.interval);
  const first = firstRunTick(cron, input.schedule);
  const earliest = laterOf(first, lastPlanned && cron.next(lastPlanned));
  return withinEnd(cron, input.schedule, input.catchUp ? earliest : laterOf(earliest, newestDue(cron, now)));
}

/** The ticks from `cursor` on that are due at `now`, at most `limit`, and the cursor's next position. Pure. */
export function planTicks(input: TickPlanInput, cursor: Date, now: Date, limit: number): TickPlan {
  const cron = parseCron(input.schedule.interval);
  const ticks: Date[] = [];
  let next: Date | undefined = withinEnd(cron, input.schedule, cursor);
  while (next && next <= now && ticks.length < limit) {
    ticks.push(next);
    next = withinEnd(cron, input.schedule, cron.next(next));
  }
  return { ticks: input.catchUp ? ticks : ticks.slice(-1), next };
}

function firstRunTick(cron: CronSchedule, schedule: JobSchedule): Date | undefined {
  const firstTick = cron.next(new Date(toMidnight(schedule.startDate).getTime() - 1));
  return firstTick && cron.next(firstTick);
}

function newestDue(cron: CronSchedule, now: Date): Date | undefined {
  return cron.previous(new Date(now.getTime() + 1));
}

/** A run's interval starts at the tick before its own; `endDate` bounds that start. */
function withinEnd(cron: CronSchedule, schedule: JobSchedule, tick: Date | undefined): Date | undefined {
  if (!tick || schedule.endDate === undefined) return tick;
  const intervalStart = cron.previous(tick);
  return intervalStart && intervalStart <= toMidnight(schedule.endDate) ? tick : undefined;
}

function toMidnight(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}
