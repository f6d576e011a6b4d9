import { OptimusError } from '../error/optimus-error.ts';
import type { CronSchedule } from './cron-schedule.ts';

const PREFIX = '@every';
const DELAY = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s))+$/;
const PART = /(?<amount>\d+(?:\.\d*)?|\.\d+)(?<unit>h|ms|m|s)/g;
const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const LONGEST_MS = 5 * 366 * 86_400_000;

/** Milliseconds of `@every 1h30m`; undefined when the text is no delay. @throws OptimusError `SCHEDULE_INVALID` for one that is wrong */
export function parseDelayMs(text: string): number | undefined {
  if (text !== PREFIX && !/^@every\s/.test(text)) return undefined;
  const written = text.slice(PREFIX.length).trim();
  if (!DELAY.test(written)) throw refusal(text, 'has no length of time');
  const delayMs = sumParts(written);
  if (delayMs < 1000 || delayMs % 1000 !== 0)
    throw refusal(text, 'is not a whole number of seconds from 1 on');
  if (delayMs > LONGEST_MS) throw refusal(text, 'is longer than five years');
  return delayMs;
}

/** Fires at the anchor and at every delay before and after it: a day that a clock is moved on has as many ticks as any other time. */
export function toDelaySchedule(delayMs: number, anchor: Date): CronSchedule {
  const at = (count: number): Date => new Date(anchor.getTime() + count * delayMs);
  const countTo = (instant: Date): number => (instant.getTime() - anchor.getTime()) / delayMs;
  return Object.freeze({
    next: (after: Date) => at(Math.floor(countTo(after)) + 1),
    previous: (before: Date) => at(Math.ceil(countTo(before)) - 1),
  });
}

function sumParts(written: string): number {
  let total = 0;
  for (const { groups } of written.matchAll(PART)) {
    total += Number(groups?.['amount']) * (UNITS_MS[groups?.['unit'] ?? ''] ?? 0);
  }
  return Math.round(total);
}

function refusal(value: string, problem: string): OptimusError {
  return new OptimusError('SCHEDULE_INVALID', {
    message: `schedule ${JSON.stringify(value)}: ${problem}; write hours, minutes and seconds, e.g. "@every 1h30m"`,
    fields: { value },
  });
}
