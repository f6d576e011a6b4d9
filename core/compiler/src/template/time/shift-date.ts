import { callFault } from '../functions/template-function.ts';
import { TemplateTime } from './template-time.ts';

/** Which day and month to go to: empty stays, `5` is the fifth, `+1` and `-2` count from where the time is. */
export interface DateShift {
  readonly day: string;
  readonly month: string;
}

/** Moves a time within its zone; a day the month does not have runs over, as Go counts. @throws OptimusError `TEMPLATE_FAILED` */
export function shiftDate(time: TemplateTime, { day, month }: DateShift): TemplateTime {
  const civil = time.toCivil();
  const wall = new Date(Number(time.epochSeconds + BigInt(civil.offsetSeconds)) * 1000);
  wall.setUTCFullYear(civil.year, moveTo('month', civil.month, month) - 1, moveTo('day', civil.day, day));
  const wallSeconds = wall.getTime() / 1000;
  const seconds = wallSeconds - time.zone.offsetAt(wallSeconds - civil.offsetSeconds);
  return new TemplateTime(BigInt(seconds) * 1_000_000_000n + BigInt(civil.nanosecond), time.zone);
}

function moveTo(field: 'day' | 'month', current: number, shift: string): number {
  if (shift === '') return current;
  if (!/^[+-]?\d{1,5}$/.test(shift)) {
    throw callFault(`the ${field} is not a number`, 'write 5 for the fifth, +1 or -2 to count from the time');
  }
  return /^\d/.test(shift) ? Number(shift) : current + Number(shift);
}
