import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import { CRON_FIELD_RULES, type CronField, parseCronField } from './cron-field.ts';

/** A parsed cron expression, in UTC. Source: the grammar of robfig/cron's standard parser. */
export interface CronSchedule {
  /** The first tick strictly after the instant; undefined when there is none within five years. */
  next(after: Date): Date | undefined;
  /** The last tick strictly before the instant; undefined when there is none within five years. */
  previous(before: Date): Date | undefined;
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SEARCH_YEARS = 5;

// Ten thousand jobs share a few hundred expressions, and the planner asks for them at every tick.
const parsed = new Map<string, CronSchedule>();
const MAX_PARSED = 20_000;

/** Parses five fields or a descriptor (`@hourly`, `@daily`, …). @throws OptimusError `SCHEDULE_INVALID` naming the field and the value */
export function parseCron(expression: string): CronSchedule {
  const known = parsed.get(expression);
  if (known) return known;
  const schedule = toSchedule(parseFields(toFieldsText(expression)));
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(expression, schedule);
  return schedule;
}

function toFieldsText(expression: string): string {
  const text = expression.trim();
  if (/^(CRON_)?TZ=/.test(text)) throw refusal(text, 'time zones are not supported yet; write it in UTC');
  if (text.startsWith('@every')) {
    throw refusal(text, '"@every" is not supported yet; write it as five fields, e.g. "*/15 * * * *"');
  }
  if (!text.startsWith('@')) return text;
  const fields = DESCRIPTORS[text];
  if (fields !== undefined) return fields;
  const names = Object.keys(DESCRIPTORS);
  throw refusal(text, `there is no such descriptor${toSuggestion(text, names)}; known: ${names.join(', ')}`);
}

/** The times of a day and the days at which a schedule fires. */
interface CronFields {
  /** Minutes after midnight, ascending. */
  readonly times: readonly number[];
  readonly daysOfMonth: CronField;
  readonly months: CronField;
  readonly daysOfWeek: CronField;
}

function parseFields(text: string): CronFields {
  const texts = text.split(/\s+/).filter((field) => field !== '');
  if (texts.length !== CRON_FIELD_RULES.length) {
    const names = CRON_FIELD_RULES.map(({ name }) => name).join(', ');
    throw refusal(text, `has ${texts.length} fields, must have 5: ${names}`);
  }
  const fields = CRON_FIELD_RULES.map((rule, index) => parseCronField(texts[index] ?? '', rule));
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = fields as [
    CronField,
    CronField,
    CronField,
    CronField,
    CronField,
  ];
  const times = hours.values.flatMap((hour) => minutes.values.map((minute) => hour * 60 + minute));
  return { times, daysOfMonth, months, daysOfWeek };
}

function refusal(value: string, problem: string): OptimusError {
  return new OptimusError('SCHEDULE_INVALID', {
    message: `schedule ${JSON.stringify(value)}: ${problem}`,
    fields: { value },
  });
}

function toSchedule(fields: CronFields): CronSchedule {
  return Object.freeze({
    next: (after: Date) =>
      findTick(fields, Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS, 1),
    previous: (before: Date) =>
      findTick(fields, Math.ceil(before.getTime() / MINUTE_MS) * MINUTE_MS - MINUTE_MS, -1),
  });
}

/** Forwards or backwards in time. */
type Direction = 1 | -1;

/** The tick nearest to `from` in the direction, `from` itself included. */
function findTick(fields: CronFields, from: number, direction: Direction): Date | undefined {
  const today = Math.floor(from / DAY_MS) * DAY_MS;
  const time = findTime(fields.times, (from - today) / MINUTE_MS, direction);
  if (time !== undefined && isDay(fields, new Date(today))) return new Date(today + time * MINUTE_MS);
  const day = findDay(fields, new Date(today + direction * DAY_MS), direction);
  const edge = fields.times.at(direction === 1 ? 0 : -1) ?? 0;
  return day && new Date(day.getTime() + edge * MINUTE_MS);
}

function findTime(times: readonly number[], minute: number, direction: Direction): number | undefined {
  return direction === 1 ? times.find((time) => time >= minute) : times.findLast((time) => time <= minute);
}

function findDay(fields: CronFields, from: Date, direction: Direction): Date | undefined {
  let day = from;
  while (Math.abs(day.getUTCFullYear() - from.getUTCFullYear()) <= SEARCH_YEARS) {
    if (!hasValue(fields.months, day.getUTCMonth() + 1)) day = toNeighbourMonth(day, direction);
    else if (isDay(fields, day)) return day;
    else day = new Date(day.getTime() + direction * DAY_MS);
  }
  return undefined;
}

/** The first day of the next month, or the last day of the one before. */
function toNeighbourMonth(day: Date, direction: Direction): Date {
  const months = day.getUTCMonth() + (direction === 1 ? 1 : 0);
  return new Date(Date.UTC(day.getUTCFullYear(), months, direction === 1 ? 1 : 0));
}

/** When both kinds of day are restricted, either is enough; so cron has always done it. */
function isDay({ daysOfMonth, months, daysOfWeek }: CronFields, day: Date): boolean {
  if (!hasValue(months, day.getUTCMonth() + 1)) return false;
  const isDate = hasValue(daysOfMonth, day.getUTCDate());
  const isWeekday = hasValue(daysOfWeek, day.getUTCDay());
  return daysOfMonth.isAny || daysOfWeek.isAny ? isDate && isWeekday : isDate || isWeekday;
}

function hasValue(field: CronField, value: number): boolean {
  return field.values.includes(value);
}
