import { UTC, type Zone } from '@optimus/domain/zone';
import { TemplateObject, type TemplateValue } from '../template-value.ts';
import { formatTime } from './format-time.ts';
import { MONTHS, WEEKDAYS } from './layout.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** The parts of a time as a wall clock and a calendar in its zone show them. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
  readonly offsetSeconds: number;
  readonly letters: string;
}

/** Go's `time.Time`: an instant, to the nanosecond, and the zone it is written in. */
export class TemplateTime extends TemplateObject {
  override readonly goType = 'time.Time';
  override readonly goKind = 'struct';
  readonly epochNanoseconds: bigint;
  readonly zone: Zone;

  constructor(epochNanoseconds: bigint, zone: Zone) {
    super();
    this.epochNanoseconds = epochNanoseconds;
    this.zone = zone;
  }

  static fromDate(date: Date): TemplateTime {
    return new TemplateTime(BigInt(date.getTime()) * 1_000_000n, UTC);
  }

  static fromUnix(seconds: bigint): TemplateTime {
    return new TemplateTime(seconds * NANOSECONDS_PER_SECOND, UTC);
  }

  /** Whole seconds since 1970, downwards. */
  get epochSeconds(): bigint {
    const seconds = this.epochNanoseconds / NANOSECONDS_PER_SECOND;
    return this.epochNanoseconds % NANOSECONDS_PER_SECOND < 0n ? seconds - 1n : seconds;
  }

  in(zone: Zone): TemplateTime {
    return new TemplateTime(this.epochNanoseconds, zone);
  }

  add(nanoseconds: bigint): TemplateTime {
    return new TemplateTime(this.epochNanoseconds + nanoseconds, this.zone);
  }

  toCivil(): CivilTime {
    const seconds = Number(this.epochSeconds);
    const offsetSeconds = this.zone.offsetAt(seconds);
    const wall = new Date((seconds + offsetSeconds) * 1000);
    const year = wall.getUTCFullYear();
    return {
      year,
      month: wall.getUTCMonth() + 1,
      day: wall.getUTCDate(),
      hour: wall.getUTCHours(),
      minute: wall.getUTCMinutes(),
      second: wall.getUTCSeconds(),
      nanosecond: Number(this.epochNanoseconds - this.epochSeconds * NANOSECONDS_PER_SECOND),
      weekday: wall.getUTCDay(),
      yearDay: toYearDay(wall),
      offsetSeconds,
      letters: this.zone.lettersAt(seconds),
    };
  }

  override print(): string {
    return formatTime('2006-01-02 15:04:05.999999999 -0700 MST', this.toCivil());
  }

  override toJsonText(): string {
    return formatTime('2006-01-02T15:04:05.999999999Z07:00', this.toCivil());
  }

  override equals(other: TemplateObject): boolean {
    return other instanceof TemplateTime && other.print() === this.print();
  }

  /** Go's methods without arguments that a template has a use for. */
  override member(name: string): TemplateValue {
    return MEMBERS.get(name)?.(this);
  }
}

const MEMBERS: ReadonlyMap<string, (time: TemplateTime) => TemplateValue> = new Map<
  string,
  (time: TemplateTime) => TemplateValue
>([
  ['Year', (time) => BigInt(time.toCivil().year)],
  ['Day', (time) => BigInt(time.toCivil().day)],
  ['Hour', (time) => BigInt(time.toCivil().hour)],
  ['Minute', (time) => BigInt(time.toCivil().minute)],
  ['Second', (time) => BigInt(time.toCivil().second)],
  ['Nanosecond', (time) => BigInt(time.toCivil().nanosecond)],
  ['YearDay', (time) => BigInt(time.toCivil().yearDay)],
  ['Month', (time) => MONTHS[time.toCivil().month - 1]],
  ['Weekday', (time) => WEEKDAYS[time.toCivil().weekday]],
  ['Unix', (time) => time.epochSeconds],
  ['UnixMilli', (time) => time.epochNanoseconds / 1_000_000n],
  ['UnixNano', (time) => time.epochNanoseconds],
  ['UTC', (time) => time.in(UTC)],
  ['IsZero', (time) => time.epochNanoseconds === ZERO_TIME.epochNanoseconds],
  ['String', (time) => time.print()],
]);

/** Go's time that was never set: the first of January of the year 1. */
export const ZERO_TIME = new TemplateTime(-62_135_596_800n * NANOSECONDS_PER_SECOND, UTC);

function toYearDay(wall: Date): number {
  const firstDay = new Date(wall);
  firstDay.setUTCMonth(0, 1);
  return Math.round((wall.getTime() - firstDay.getTime()) / 86_400_000) + 1;
}
