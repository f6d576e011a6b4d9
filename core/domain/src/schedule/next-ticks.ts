import type { JobSchedule } from '../job/job-spec.ts';
import { planFirstTick } from './plan-runs.ts';

/**
 * The next ticks at which the schedule fires a run, strictly after the instant: fewer than `count` when it ends before, none without
 * an interval. Pure. @throws OptimusError `SCHEDULE_INVALID`
 */
export function listNextTicks(schedule: JobSchedule, after: Date, count: number): readonly Date[] {
  const ticks: Date[] = [];
  let tick = findNextTick(schedule, after);
  while (tick && ticks.length < count) {
    ticks.push(tick);
    tick = findNextTick(schedule, tick);
  }
  return ticks;
}

function findNextTick(schedule: JobSchedule, after: Date): Date | undefined {
  return planFirstTick({ schedule, catchUp: true }, after, after);
}
