import { CRON_FIELD_RULES, type CronField, parseCronField } from './cron-field.ts';

/** The days and times of day at which five fields fire, by any clock: a calendar without a zone. */
export interface CronCalendar {
  readonly minutes: ValueTable;
  readonly hours: ValueTable;
  readonly daysOfMonth: ValueTable;
  readonly months: ValueTable;
  readonly daysOfWeek: ValueTable;
  /** Whether a day must be both a day of the month and of the week that the fields name, or one of them is enough. */
  readonly mustMatchBoth: boolean;
}

/** Which values a field admits, so that the one nearest to any other is a look-up. */
interface ValueTable {
  /** The smallest admitted value that is not below the index, or -1. */
  readonly upwards: readonly number[];
  /** The largest admitted value that is not above the index, or -1. */
  readonly downwards: readonly number[];
}

/** Forwards or backwards in time. */
export type Direction = 1 | -1;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SEARCH_YEARS = 5;

/** Makes a calendar of the texts of the five fields. @throws OptimusError `SCHEDULE_INVALID` naming the field and the value */
export function parseCronCalendar(texts: readonly [string, string, string, string, string]): CronCalendar {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = CRON_FIELD_RULES;
  const daysOfMonth = parseCronField(texts[2], dayOfMonth);
  const daysOfWeek = parseCronField(texts[4], dayOfWeek);
  return Object.freeze({
    minutes: toTable(parseCronField(texts[0], minute)),
    hours: toTable(parseCronField(texts[1], hour)),
    daysOfMonth: toTable(daysOfMonth),
    months: toTable(parseCronField(texts[3], month)),
    daysOfWeek: toTable(daysOfWeek),
    mustMatchBoth: daysOfMonth.isAny || daysOfWeek.isAny,
  });
}

/**
 * The time nearest to `wallMs` at which the calendar fires, itself included; undefined when there is none within five years. Times
 * are those of a clock, in milliseconds as if it stood in UTC.
 */
export function findWallTick(
  calendar: CronCalendar,
  wallMs: number,
  direction: Direction,
): number | undefined {
  const minuteMs = roundToMinute(wallMs, direction);
  const dayMs = Math.floor(minuteMs / DAY_MS) * DAY_MS;
  const time = findTime(calendar, (minuteMs - dayMs) / MINUTE_MS, direction);
  if (time !== undefined && isDay(calendar, dayMs)) return dayMs + time;
  const day = findDay(calendar, dayMs + direction * DAY_MS, direction);
  if (day === undefined) return undefined;
  return day + (findTime(calendar, direction === 1 ? 0 : 24 * 60 - 1, direction) ?? 0);
}

function toTable({ values }: CronField): ValueTable {
  const indexes = Array.from({ length: 60 }, (_, index) => index);
  return {
    upwards: indexes.map((index) => values.find((value) => value >= index) ?? -1),
    downwards: indexes.map((index) => values.findLast((value) => value <= index) ?? -1),
  };
}

function findValue(table: ValueTable, index: number, direction: Direction): number {
  return (direction === 1 ? table.upwards[index] : table.downwards[index]) ?? -1;
}

function hasValue(table: ValueTable, value: number): boolean {
  return table.upwards[value] === value;
}

function roundToMinute(ms: number, direction: Direction): number {
  return (direction === 1 ? Math.ceil(ms / MINUTE_MS) : Math.floor(ms / MINUTE_MS)) * MINUTE_MS;
}

/** The admitted time of day nearest to a minute of it, in milliseconds after midnight. */
function findTime(
  { hours, minutes }: CronCalendar,
  minuteOfDay: number,
  direction: Direction,
): number | undefined {
  const hour = Math.floor(minuteOfDay / 60);
  const minute = findValue(minutes, minuteOfDay % 60, direction);
  if (minute >= 0 && hasValue(hours, hour)) return hour * HOUR_MS + minute * MINUTE_MS;
  const nextHour = findValue(hours, hour + direction, direction);
  if (nextHour < 0) return undefined;
  const edge = findValue(minutes, direction === 1 ? 0 : 59, direction);
  return nextHour * HOUR_MS + edge * MINUTE_MS;
}

function findDay(calendar: CronCalendar, fromMs: number, direction: Direction): number | undefined {
  const lastYear = new Date(fromMs).getUTCFullYear() + direction * SEARCH_YEARS;
  let day = new Date(fromMs);
  while ((lastYear - day.getUTCFullYear()) * direction >= 0) {
    if (!hasValue(calendar.months, day.getUTCMonth() + 1)) day = toNeighbourMonth(day, direction);
    else if (isDay(calendar, day.getTime())) return day.getTime();
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
function isDay(calendar: CronCalendar, dayMs: number): boolean {
  const { daysOfMonth, months, daysOfWeek, mustMatchBoth } = calendar;
  const day = new Date(dayMs);
  if (!hasValue(months, day.getUTCMonth() + 1)) return false;
  const isDate = hasValue(daysOfMonth, day.getUTCDate());
  const isWeekday = hasValue(daysOfWeek, day.getUTCDay());
  return mustMatchBoth ? isDate && isWeekday : isDate || isWeekday;
}
