import { assertWebAddress, parseCron, parseJobName } from '@optimus/domain';
import { mustBe, text, textLike, textThat } from '../yaml/scalar-text.ts';
import { parseDurationMs } from './duration.ts';

/** A day that exists. */
export const date = text
  .refine(isCalendarDay, { error: mustBe('a date that exists, written as YYYY-MM-DD') })
  .meta({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** The empty text, or a day that exists. */
export const dateOrNone = text
  .refine((value) => value === '' || isCalendarDay(value), {
    error: mustBe('a date that exists, written as YYYY-MM-DD'),
  })
  .meta({ type: 'string', pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' });

function isCalendarDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  // A day that the month does not have comes back as another one.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

const goodIntervals = new Set<string>(['']);
const MAX_REMEMBERED = 10_000;

/** A cron expression of five fields, a descriptor such as `@daily`, `@every 1h30m`, or the empty text. Jobs share a few, so good ones are remembered. */
export const interval = textThat((value) => {
  if (goodIntervals.has(value)) return;
  parseCron(value);
  if (goodIntervals.size < MAX_REMEMBERED) goodIntervals.add(value);
}).meta({ type: 'string' });

/** The name of a job. */
export const jobName = textThat(parseJobName).meta({
  type: ['string', 'number'],
  pattern: '^[a-zA-Z0-9][a-zA-Z0-9_\\-.]+$',
  minLength: 3,
  maxLength: 220,
});

/** A Go duration, as milliseconds. */
export const duration = text
  .refine((value) => parseDurationMs(value) !== undefined, {
    error: mustBe('a duration such as 5m or 1h30m'),
  })
  .meta({ type: ['string', 'number'], pattern: '^(0|(\\d+(\\.\\d*)?(h|ms|m|s|us|µs|μs|ns))+)$' })
  .transform((value) => parseDurationMs(value) ?? 0);

/** A Kubernetes quantity, or the empty text. */
export const quantity = text
  .refine((value) => QUANTITY.test(value), { error: mustBe('a quantity such as 500m, 2 or 1Gi') })
  .meta({
    type: ['string', 'number'],
    pattern: '^([+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+|[numkMGTPE]|[KMGTPE]i)?)?$',
  });

const QUANTITY = /^([+-]?\d+(\.\d+)?([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?)?$/;

/** The address of a web service. */
export const webUrl = textThat(assertWebAddress).meta({ type: 'string' });

/** The address that is called at an event. */
export const hookUrl = textLike(/^https?:\/\/\S+$/, 'an address that begins with http:// or https://');

/** How long an operator may take: `1h30m`. */
export const threshold = textLike(/^(\d+h)?(\d+m)?$/, 'a duration in hours and minutes, such as 1h30m');
