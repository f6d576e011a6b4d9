import { describe, expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import { parseCron, parseTickRule } from './cron-schedule.ts';

function next(expression: string, after: string): string | undefined {
  return parseCron(expression).next(new Date(after))?.toISOString();
}

function previous(expression: string, before: string): string | undefined {
  return parseCron(expression).previous(new Date(before))?.toISOString();
}

function refusalOf(expression: string): OptimusError {
  try {
    parseCron(expression);
  } catch (thrown) {
    if (thrown instanceof OptimusError) return thrown;
  }
  return expect.fail(`"${expression}" was accepted`);
}

describe('next tick', () => {
  it.each(['@daily', '@every 1h', 'CRON_TZ=America/New_York 0 20 * * *'])(
    'of "%s" is none once years have five digits',
    (expression) => {
      expect(next(expression, '9999-12-30T00:30:00Z')).toMatch(/^9999-12-3/);
      expect(next(expression, '9999-12-31T23:30:00Z')).toBeUndefined();
    },
  );

  it.each([
    ['0 2 * * *', '2022-09-18T00:00:00Z', '2022-09-18T02:00:00.000Z'],
    ['0 2 * * *', '2022-09-18T02:00:00Z', '2022-09-19T02:00:00.000Z'],
    ['0 2 * * *', '2022-09-18T01:59:59.999Z', '2022-09-18T02:00:00.000Z'],
    ['* * * * *', '2022-12-31T23:59:00Z', '2023-01-01T00:00:00.000Z'],
    ['*/15 * * * *', '2022-01-01T10:07:12Z', '2022-01-01T10:15:00.000Z'],
    ['7/20 * * * *', '2022-01-01T10:07:00Z', '2022-01-01T10:27:00.000Z'],
    ['5-10/5 3 * * *', '2022-01-01T03:05:00Z', '2022-01-01T03:10:00.000Z'],
    ['0 0 29 2 *', '2022-03-01T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0 0 31 * *', '2022-04-01T00:00:00Z', '2022-05-31T00:00:00.000Z'],
    ['0 0 * JAN mon', '2022-02-01T00:00:00Z', '2023-01-02T00:00:00.000Z'],
    ['0 0 ? * 1,Wed-FRI', '2022-09-19T00:00:00Z', '2022-09-21T00:00:00.000Z'],
    ['0 0 1 jan-mar/2 *', '2022-01-01T00:00:00Z', '2022-03-01T00:00:00.000Z'],
    ['  0\t2  * * * ', '2022-09-18T00:00:00Z', '2022-09-18T02:00:00.000Z'],
    ['00 02 01 01 *', '2022-09-18T00:00:00Z', '2023-01-01T02:00:00.000Z'],
  ])('of "%s" after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('counts Sunday as 0', () => {
    expect(next('0 0 * * 0', '2022-09-18T12:00:00Z')).toBe('2022-09-25T00:00:00.000Z');
  });
});

describe('days', () => {
  it('takes either kind of day when both are restricted', () => {
    expect(next('0 0 13 * 5', '2022-09-10T00:00:00Z')).toBe('2022-09-13T00:00:00.000Z');
    expect(next('0 0 13 * 5', '2022-09-13T00:00:00Z')).toBe('2022-09-16T00:00:00.000Z');
  });

  it('counts a step above one as a restriction, as robfig/cron does', () => {
    expect(next('0 0 */10 * 5', '2022-09-01T00:00:00Z')).toBe('2022-09-02T00:00:00.000Z');
    expect(next('0 0 */1 * 5', '2022-09-02T00:00:00Z')).toBe('2022-09-09T00:00:00.000Z');
  });

  it('finds no tick on a day that no year has', () => {
    expect(next('0 0 30 2 *', '2022-01-01T00:00:00Z')).toBeUndefined();
    expect(previous('0 0 30 2 *', '2022-01-01T00:00:00Z')).toBeUndefined();
  });

  it('gives up after five years', () => {
    expect(next('0 0 29 2 *', '2096-03-01T00:00:00Z')).toBeUndefined();
  });
});

describe('previous tick', () => {
  it.each([
    ['0 2 * * *', '2022-09-18T02:00:00Z', '2022-09-17T02:00:00.000Z'],
    ['0 2 * * *', '2022-09-18T02:00:00.001Z', '2022-09-18T02:00:00.000Z'],
    ['*/15 * * * *', '2022-01-01T00:00:00Z', '2021-12-31T23:45:00.000Z'],
    ['0 0 1 1 *', '2022-06-01T00:00:00Z', '2022-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2022-03-01T00:00:00Z', '2020-02-29T00:00:00.000Z'],
  ])('of "%s" before %s is %s', (expression, before, expected) => {
    expect(previous(expression, before)).toBe(expected);
  });

  it.each(['*/7 3-20/4 * * *', '30 4 1,15 * 5', '@weekly', '0 0 31 1-12/2 *', '59 23 28-31 * *'])(
    'undoes next for "%s"',
    (expression) => {
      const cron = parseCron(expression);
      let tick = cron.next(new Date('2023-11-05T06:07:08Z'));
      for (let count = 0; count < 200 && tick; count++) {
        const following = cron.next(tick);
        expect(following && cron.previous(following)).toEqual(tick);
        tick = following;
      }
    },
  );
});

describe('descriptors', () => {
  it.each([
    ['@yearly', '2023-01-01T00:00:00.000Z'],
    ['@annually', '2023-01-01T00:00:00.000Z'],
    ['@monthly', '2022-10-01T00:00:00.000Z'],
    ['@weekly', '2022-09-25T00:00:00.000Z'],
    ['@daily', '2022-09-22T00:00:00.000Z'],
    ['@midnight', '2022-09-22T00:00:00.000Z'],
    ['@hourly', '2022-09-21T14:00:00.000Z'],
  ])('%s fires next at %s', (descriptor, expected) => {
    expect(next(descriptor, '2022-09-21T13:00:00Z')).toBe(expected);
  });
});

describe('zones', () => {
  it.each([
    ['CRON_TZ=Asia/Tokyo 0 2 * * *', '2024-01-01T17:00:00.000Z'],
    ['TZ=America/New_York 30 18 * * *', '2024-01-01T23:30:00.000Z'],
    [' CRON_TZ=Asia/Kolkata\t@daily ', '2024-01-01T18:30:00.000Z'],
    ['TZ=UTC @every 24h', '2024-01-02T00:00:00.000Z'],
    ['TZ= 0 2 * * *', '2024-01-02T02:00:00.000Z'],
  ])('%s fires next at %s', (expression, expected) => {
    expect(next(expression, '2024-01-01T12:00:00Z')).toBe(expected);
  });

  it('lets the zone in an interval win over the one of the schedule', () => {
    const rule = { interval: 'TZ=Asia/Tokyo 0 2 * * *', timezone: 'Europe/Berlin' };
    expect(parseTickRule(rule).next(new Date('2024-01-01T12:00:00Z'))).toEqual(
      new Date('2024-01-01T17:00:00Z'),
    );
  });
});

describe('@every', () => {
  it.each([
    ['@every 1h30m', '2024-01-05', '', '2024-01-07T12:00:01Z', '2024-01-07T13:30:00.000Z'],
    ['@every 1h30m', '2024-01-05', '', '2024-01-07T12:00:00Z', '2024-01-07T13:30:00.000Z'],
    ['@every 7h', '2024-01-05', '', '2024-01-05T00:00:00Z', '2024-01-05T07:00:00.000Z'],
    ['@every 7h', '2024-01-05', '', '2024-01-04T23:00:00Z', '2024-01-05T00:00:00.000Z'],
    ['@every 1.5m30s', '2024-01-05', '', '2024-01-05T00:00:00Z', '2024-01-05T00:02:00.000Z'],
    ['@every 24h', '2024-03-09', 'America/New_York', '2024-03-10T12:00:00Z', '2024-03-11T05:00:00.000Z'],
  ])('%s from %s on in zone "%s" fires after %s at %s', (interval, startDate, timezone, after, expected) => {
    const schedule = parseTickRule({ interval, startDate, timezone });
    const tick = schedule.next(new Date(after));
    expect(tick?.toISOString()).toBe(expected);
    expect(tick && schedule.previous(new Date(tick.getTime() + 1))).toEqual(tick);
  });
});

describe('refusals', () => {
  it.each([
    ['60 * * * *', 'minute "60" is out of range; allowed: 0 to 59'],
    ['0 24 * * *', 'hour "24" is out of range; allowed: 0 to 23'],
    ['0 0 0 * *', 'day of month "0" is out of range; allowed: 1 to 31'],
    ['0 0 * 13 *', 'month "13" is out of range; allowed: 1 to 12 or jan to dec'],
    ['0 0 * * 7', 'day of week "7" is out of range; allowed: 0 to 6 or sun to sat'],
    ['0 0 * * mom', 'day of week "mom" is not a number or name, did you mean "mon"?'],
    ['0 0 * * fri-mon', 'day of week "fri-mon" ends before it begins'],
    ['*/0 * * * *', 'minute "*/0" needs a whole number above 0 after "/"'],
    ['*/2/3 * * * *', 'minute "*/2/3" has more than one "/"'],
    ['1-2-3 * * * *', 'minute "1-2-3" has more than one "-"'],
    ['1,,2 * * * *', 'minute "" lacks a value'],
    ['-5 * * * *', 'minute "-5" lacks a value'],
    ['0 2 * *', 'schedule "0 2 * *": has 4 fields, must have 5'],
    ['0 0 2 * * *', 'has 6 fields, must have 5'],
    ['', 'has 0 fields, must have 5'],
    ['@dayly', 'there is no such descriptor, did you mean "@daily"?'],
    ['@every', '"@every": has no length of time'],
    ['@every day', 'has no length of time; write hours, minutes and seconds, e.g. "@every 1h30m"'],
    ['@every -1h', 'has no length of time'],
    ['@every 500ms', 'is not a whole number of seconds from 1 on'],
    ['@every 0.3m1ms', 'is not a whole number of seconds from 1 on'],
    ['@every 90000h', 'is longer than five years'],
    ['@everyday', 'there is no such descriptor'],
    ['CRON_TZ=Asia/Tokio 0 2 * * *', 'there is no time zone "Asia/Tokio", did you mean "Asia/Tokyo"?'],
    ['TZ=+05:30 0 2 * * *', 'there is no time zone "+05:30"'],
    ['TZ=UTC', 'has 0 fields, must have 5'],
    ['TZ=UTC 0 2 * *', 'schedule "0 2 * *": has 4 fields'],
  ])('"%s" says: %s', (expression, message) => {
    const error = refusalOf(expression);
    expect(error.code).toBe('SCHEDULE_INVALID');
    expect(error.message).toContain(message);
  });
});
