import { findZone, UTC } from '@optimus/domain/zone';
import { parseGoNanoseconds } from '../../window/go-duration.ts';
import type { Budget } from '../budget.ts';
import type { TemplateValue } from '../template-value.ts';
import { formatCoarseDuration, formatDuration } from '../time/duration.ts';
import { formatTime } from '../time/format-time.ts';
import { parseTime } from '../time/parse-time.ts';
import { shiftDate } from '../time/shift-date.ts';
import { TemplateTime, ZERO_TIME } from '../time/template-time.ts';
import { parseDecimalInteger } from './number-functions.ts';
import {
  any,
  callFault,
  defineFunction,
  type Parameter,
  type TemplateFunction,
  text,
} from './template-function.ts';

const SECOND = 1_000_000_000n;
const RFC3339 = '2006-01-02T15:04:05Z07:00';
const DAY = '2006-01-02';

/** A layout is read anew each time, and a zone may be one that must be searched for. */
const LONGEST_LAYOUT = 1000;
const ZONE_STEPS = 100;

const time: Parameter<TemplateTime> = {
  expects: 'time.Time',
  read: (value) => (value instanceof TemplateTime ? value : undefined),
};

/** Sprig's dates, `Date`, and the dates relative to another. The local zone is UTC; `now` is the run's execution time. */
export const dateFunctions: readonly TemplateFunction[] = [
  defineFunction('Date', [any], (value) => formatTime(DAY, toGivenTime(value).toCivil())),
  defineFunction('now', [], (budget) => readClock(budget)),
  defineFunction('ago', [any], (value, budget) => formatDuration(toAge(toTime(value, budget), budget))),
  defineFunction('date', [text, any], (layout, value, budget) =>
    formatIn(layout, toTime(value, budget), '', budget),
  ),
  ...alias(['dateInZone', 'date_in_zone'], (name) =>
    defineFunction(name, [text, any, text], (layout, value, zone, budget) =>
      formatIn(layout, toTime(value, budget), zone, budget),
    ),
  ),
  defineFunction('htmlDate', [any], (value, budget) => formatIn(DAY, toTime(value, budget), '', budget)),
  defineFunction('htmlDateInZone', [any, text], (value, zone, budget) =>
    formatIn(DAY, toTime(value, budget), zone, budget),
  ),
  ...alias(['dateModify', 'date_modify'], (name) =>
    defineFunction(name, [text, time], (duration, value) => value.add(parseGoNanoseconds(duration) ?? 0n)),
  ),
  ...alias(['mustDateModify', 'must_date_modify'], (name) =>
    defineFunction(name, [text, time], (duration, value) => value.add(requireDuration(duration))),
  ),
  defineFunction('toDate', [text, text], (layout, value) => parseTime(layout, value) ?? ZERO_TIME),
  defineFunction('mustToDate', [text, text], requireTime),
  defineFunction('unixEpoch', [time], (value) => `${value.epochSeconds}`),
  defineFunction('duration', [any], (value) => formatDuration(BigInt.asIntN(64, toSeconds(value) * SECOND))),
  defineFunction('durationRound', [any], (value, budget) => formatCoarseDuration(toSpan(value, budget))),
  defineFunction('dateFrom', [text, text, time], (day, month, value) => shiftDate(value, { day, month })),
  defineFunction('dateFromStr', [text, text, text], (day, month, value) =>
    shiftDate(requireTime(RFC3339, value), { day, month }),
  ),
];

function alias(
  names: readonly string[],
  define: (name: string) => TemplateFunction,
): readonly TemplateFunction[] {
  return names.map(define);
}

function readClock({ now }: Budget): TemplateTime {
  if (now) return TemplateTime.fromDate(now);
  throw callFault(
    'now is not available: there is no run here whose time it could be',
    'use .DSTART or .DEND',
  );
}

// Sprig takes what is neither a time nor an integer for the present.
function toTime(value: TemplateValue, budget: Budget): TemplateTime {
  if (value instanceof TemplateTime) return value;
  return typeof value === 'bigint' ? TemplateTime.fromUnix(value) : readClock(budget);
}

function toGivenTime(value: TemplateValue): TemplateTime {
  if (value instanceof TemplateTime) return value;
  if (typeof value === 'string') return requireTime(RFC3339, value);
  throw callFault('Date takes an RFC 3339 time', 'give Date a time such as .DSTART or .DEND');
}

function requireTime(layout: string, value: string): TemplateTime {
  const parsed = parseTime(layout, value);
  if (parsed) return parsed;
  const form =
    layout === RFC3339 ? 'is not an RFC 3339 time' : `does not have the form ${JSON.stringify(layout)}`;
  throw callFault(`the text ${form}`, 'give a time such as .DSTART or .DEND');
}

// A zone that does not exist is UTC, as sprig has it.
function formatIn(layout: string, value: TemplateTime, zone: string, budget: Budget): string {
  if (layout.length > LONGEST_LAYOUT)
    throw callFault(`the layout is longer than ${LONGEST_LAYOUT} characters`);
  budget.countSteps(layout.length + (zone === '' ? 0 : ZONE_STEPS));
  return formatTime(layout, value.in(findZone(zone) ?? UTC).toCivil());
}

function requireDuration(value: string): bigint {
  const duration = parseGoNanoseconds(value);
  if (duration === undefined) throw callFault('the text is not a duration', 'write one such as -1h30m');
  return duration;
}

function toAge(value: TemplateTime, budget: Budget): bigint {
  const age = readClock(budget).epochNanoseconds - value.epochNanoseconds;
  const half = age < 0n ? -SECOND / 2n : SECOND / 2n;
  return ((age + half) / SECOND) * SECOND;
}

function toSeconds(value: TemplateValue): bigint {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseDecimalInteger(value) : 0n;
}

function toSpan(value: TemplateValue, budget: Budget): bigint {
  if (value instanceof TemplateTime) return readClock(budget).epochNanoseconds - value.epochNanoseconds;
  if (typeof value === 'string') return parseGoNanoseconds(value) ?? 0n;
  return typeof value === 'bigint' ? value : 0n;
}
