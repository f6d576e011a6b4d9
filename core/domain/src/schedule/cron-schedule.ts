import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { JobSchedule } from '../job/job-spec.ts';
import { toFirstInstantMs } from '../zone/wall-clock.ts';
import { findZone, UTC, type Zone } from '../zone/zone.ts';
import { parseCronCalendar } from './cron-calendar.ts';
import { CRON_FIELD_RULES } from './cron-field.ts';
import { parseDelayMs, toDelaySchedule } from './delay-schedule.ts';
import { findZonedTick } from './zoned-ticks.ts';

/** When something fires. Source of its texts: the grammar of robfig/cron's standard parser; see docs/schedules.md. */
export interface CronSchedule {
  /** The first tick strictly after the instant; undefined when there is none within five years, or before the year 10000. */
  next(after: Date): Date | undefined;
  /** The last tick strictly before the instant; undefined when there is none within five years. */
  previous(before: Date): Date | undefined;
}

/** What of a job's schedule decides its ticks. */
export type TickRule = Pick<JobSchedule, 'interval' | 'timezone'> & Partial<Pick<JobSchedule, 'startDate'>>;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

// Ten thousand jobs share a few hundred rules, and the planner asks for them at every tick.
const parsed = new Map<string, CronSchedule>();
const MAX_PARSED = 20_000;

/**
 * Parses five fields, a descriptor (`@hourly`, `@daily`, …) or `@every 1h30m`, each with or without a leading `CRON_TZ=Asia/Tokyo`,
 * by the clock of UTC. Delays are counted from 1970. @throws OptimusError `SCHEDULE_INVALID` naming the field and the value
 */
export function parseCron(expression: string): CronSchedule {
  return parseTickRule({ interval: expression });
}

/**
 * The ticks of a job's schedule: by the clock that its interval names, or that of its `timezone`, or UTC; the delays of `@every` are
 * counted from its start date. @throws OptimusError `SCHEDULE_INVALID`
 */
export function parseTickRule(rule: TickRule): CronSchedule {
  const { interval, timezone = '', startDate = '' } = rule;
  const key = `${timezone} ${interval.includes('@every') ? startDate : ''} ${interval}`;
  const known = parsed.get(key);
  if (known) return known;
  const { text, zone } = splitZone(interval, timezone);
  const schedule = untilLastYear(toSchedule(text, zone, startDate));
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(key, schedule);
  return schedule;
}

/** The instant at which a day, `YYYY-MM-DD`, begins by the clock of a schedule. @throws OptimusError `SCHEDULE_INVALID` */
export function toStartOfDay(day: string, { interval, timezone = '' }: TickRule): Date {
  return startOfDay(day, splitZone(interval, timezone).zone);
}

/** The zone that an interval names itself, as in `CRON_TZ=Asia/Tokyo 0 2 * * *`; undefined when it names none. */
export function findIntervalZone(interval: string): string | undefined {
  return PREFIX.exec(interval.trim())?.groups?.['zone'];
}

const PREFIX = /^(?:CRON_)?TZ=(?<zone>\S*)(?<rest>.*)$/;

function splitZone(interval: string, timezone: string): { readonly text: string; readonly zone: Zone } {
  const whole = interval.trim();
  const { zone = timezone, rest = whole } = PREFIX.exec(whole)?.groups ?? {};
  return { text: rest.trim(), zone: getZone(zone) };
}

/** The zone of an IANA name; the empty one is UTC. @throws OptimusError `SCHEDULE_INVALID` with the nearest name */
export function getZone(name: string): Zone {
  const zone = findZone(name);
  if (zone) return zone;
  const nearest = toSuggestion(name, Intl.supportedValuesOf('timeZone'));
  throw new OptimusError('SCHEDULE_INVALID', {
    message: `there is no time zone ${JSON.stringify(name)}${nearest}`,
    hint: 'write a name of the IANA database such as Asia/Jakarta, or leave it out for UTC',
    fields: { value: name },
  });
}

/** The first instant that has no text of four digits for its year, so that neither the database nor a message can carry it. */
const END_MS = Date.UTC(10_000, 0, 1);

function untilLastYear(schedule: CronSchedule): CronSchedule {
  const next = (after: Date): Date | undefined => {
    const tick = schedule.next(after);
    return tick !== undefined && tick.getTime() < END_MS ? tick : undefined;
  };
  return Object.freeze({ ...schedule, next });
}

function toSchedule(text: string, zone: Zone, startDate: string): CronSchedule {
  const delayMs = parseDelayMs(text);
  if (delayMs !== undefined) return toDelaySchedule(delayMs, startDate ? startOfDay(startDate, zone) : EPOCH);
  const calendar = parseCronCalendar(splitFields(toFieldsText(text)));
  return Object.freeze({
    next: (after: Date) => toDate(findZonedTick(calendar, zone, after.getTime() + 1, 1)),
    previous: (before: Date) => toDate(findZonedTick(calendar, zone, before.getTime() - 1, -1)),
  });
}

const EPOCH = new Date(0);

function startOfDay(day: string, zone: Zone): Date {
  const wallMs = Date.parse(`${day}T00:00:00Z`);
  return new Date(zone === UTC ? wallMs : toFirstInstantMs(wallMs, zone));
}

function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

function toFieldsText(text: string): string {
  if (!text.startsWith('@')) return text;
  const fields = DESCRIPTORS[text];
  if (fields !== undefined) return fields;
  const names = Object.keys(DESCRIPTORS);
  const known = [...names, '@every 1h30m'].join(', ');
  throw refusal(text, `there is no such descriptor${toSuggestion(text, names)}; known: ${known}`);
}

function splitFields(text: string): readonly [string, string, string, string, string] {
  const texts = text.split(/\s+/).filter((field) => field !== '');
  const [minute, hour, dayOfMonth, month, dayOfWeek] = texts;
  if (minute && hour && dayOfMonth && month && dayOfWeek && texts.length === CRON_FIELD_RULES.length) {
    return [minute, hour, dayOfMonth, month, dayOfWeek];
  }
  const names = CRON_FIELD_RULES.map(({ name }) => name).join(', ');
  throw refusal(text, `has ${texts.length} fields, must have 5: ${names}`);
}

function refusal(value: string, problem: string): OptimusError {
  return new OptimusError('SCHEDULE_INVALID', {
    message: `schedule ${JSON.stringify(value)}: ${problem}`,
    fields: { value },
  });
}
