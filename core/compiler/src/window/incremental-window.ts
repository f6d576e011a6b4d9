import { type Interval, OptimusError, parseTickRule, type TickRule } from '@optimus/domain';
import { windowFault } from './window-fault.ts';

/**
 * The window of a job without one: from the tick before to the tick at which it fires, so that its runs cover all time once.
 * An instant between two ticks counts for the next one. @throws OptimusError `WINDOW_INVALID`, `SCHEDULE_INVALID`
 */
export function computeIncrementalWindow(schedule: TickRule | undefined, scheduledAt: Date): Interval {
  const { interval } = schedule ?? { interval: '' };
  if (!schedule || interval.trim() === '')
    throw new OptimusError('WINDOW_INVALID', {
      message:
        'the job has neither an interval nor a window: without a size the window of a run reaches from tick to tick, and there are none; give the job schedule.interval, or task.window.size such as 1d',
    });
  const cron = parseTickRule(schedule);
  const start = cron.previous(scheduledAt);
  const end =
    start && cron.next(start)?.getTime() === scheduledAt.getTime() ? scheduledAt : cron.next(scheduledAt);
  if (!start || !end) throw noTicks(interval, 'has no ticks around this time');
  return { start, end };
}

function noTicks(interval: string, problem: string) {
  return windowFault({
    field: 'interval',
    value: interval,
    problem,
    mend: 'give the job a schedule, or give its window a size',
  });
}
