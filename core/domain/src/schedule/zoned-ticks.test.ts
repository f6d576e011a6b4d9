import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findZone, UTC } from '../zone/zone.ts';
import { parseCron, parseTickRule } from './cron-schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function listTicks(interval: string, timezone: string, from: number, until: number): readonly number[] {
  const schedule = parseTickRule({ interval, timezone });
  const ticks: number[] = [];
  for (let tick = schedule.next(new Date(from - 1)); tick && tick.getTime() < until; ) {
    ticks.push(tick.getTime());
    tick = schedule.next(tick);
  }
  return ticks;
}

function ticksOf(interval: string, timezone: string, from: string, until: string): readonly string[] {
  const ticks = listTicks(interval, timezone, Date.parse(from), Date.parse(until));
  return ticks.map((tick) => new Date(tick).toISOString().slice(5, 16));
}

describe('a clock that is moved forward', () => {
  const march = (interval: string) =>
    ticksOf(interval, 'America/New_York', '2024-03-09T05:00Z', '2024-03-12T04:00Z');

  it('fires a time that it skips as much later as it was moved', () => {
    expect(march('30 2 * * *')).toEqual(['03-09T07:30', '03-10T07:30', '03-11T06:30']);
  });

  it('keeps the pace of a job that runs every hour or more often', () => {
    expect(march('30 * * * *')).toHaveLength(71);
    expect(march('*/15 * * * *')).toHaveLength(71 * 4);
  });

  it('fires once for two times that come to the same instant', () => {
    expect(march('0 2,3 * * *').slice(2)).toEqual(['03-10T07:00', '03-11T06:00', '03-11T07:00']);
  });

  it('fires at the start of a day whose midnight is skipped', () => {
    expect(ticksOf('@daily', 'America/Sao_Paulo', '2018-11-03T00:00Z', '2018-11-06T00:00Z')).toEqual([
      '11-03T03:00',
      '11-04T03:00',
      '11-05T02:00',
    ]);
  });

  it('fires once for a whole day that is skipped and the day after it', () => {
    expect(ticksOf('0 12 * * *', 'Pacific/Apia', '2011-12-29T00:00Z', '2012-01-01T00:00Z')).toEqual([
      '12-29T22:00',
      '12-30T22:00',
      '12-31T22:00',
    ]);
  });
});

describe('a clock that is moved back', () => {
  const november = (interval: string) =>
    ticksOf(interval, 'America/New_York', '2024-11-02T04:00Z', '2024-11-05T05:00Z');

  it('fires a time that it shows twice when it shows it first', () => {
    expect(november('30 1 * * *')).toEqual(['11-02T05:30', '11-03T05:30', '11-04T06:30']);
  });

  it('is silent while it shows times again', () => {
    expect(november('*/30 * * * *').slice(50, 54)).toEqual([
      '11-03T05:00',
      '11-03T05:30',
      '11-03T07:00',
      '11-03T07:30',
    ]);
  });
});

const EXPRESSIONS = [
  '*/15 * * * *',
  '0 * * * *',
  '30 0-3 * * *',
  '@daily',
  '45 23 * * *',
  '15 2 1-31/2 * *',
  '0 1 * * sun',
];
const zones = Intl.supportedValuesOf('timeZone');
const QUARTER_MS = 15 * 60_000;

/** What the platform's own clock of the zone shows, as if it stood in UTC. */
function readClock(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (ms) => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
}

/** The contract word for word: every quarter of an hour that any clock shows, at the instant at which this one shows it first. */
function listByDefinition(
  interval: string,
  shown: readonly { at: number; wall: number }[],
): readonly number[] {
  const cron = parseCron(interval);
  const isTick = (wall: number) => cron.next(new Date(wall - 1))?.getTime() === wall;
  const instants = new Set<number>();
  const [first, last] = [shown[0]?.wall ?? 0, shown.at(-1)?.wall ?? 0];
  for (let wall = first; wall <= last; wall += QUARTER_MS) {
    if (!isTick(wall)) continue;
    const seen = shown.find((one) => one.wall === wall);
    const before = shown.findLast(
      (one) => one.wall < wall && !shown.some(({ at, wall: w }) => at < one.at && w > wall),
    );
    instants.add(seen?.at ?? wall - (before ? before.wall - before.at : 0));
  }
  return [...instants].sort((a, b) => a - b);
}

/** The last change forward and the last change back of a zone's clock, in years whose history is settled. */
function findChanges(zone: string): readonly number[] {
  const segmentAt = (findZone(zone) ?? UTC).segmentAt;
  const changes = new Map<boolean, number>();
  for (let at = Date.parse('2024-06-01T00:00Z'); at > Date.parse('2009-01-01T00:00Z'); ) {
    const { fromMs, offsetMs, offsetBeforeMs, changedMs } = segmentAt(at);
    const isForward = offsetMs > offsetBeforeMs;
    if (offsetMs !== offsetBeforeMs && changedMs === fromMs && !changes.has(isForward))
      changes.set(isForward, fromMs);
    if (fromMs === Number.NEGATIVE_INFINITY) break;
    at = fromMs - 1;
  }
  return [...changes.values()];
}

it(`fires as written in each of ${zones.length} zones around the days on which its clock was moved`, () => {
  const wrong: unknown[] = [];
  for (const zone of zones) {
    const clock = readClock(zone);
    for (const change of findChanges(zone)) {
      const from = Math.floor((change - 2 * DAY_MS) / QUARTER_MS) * QUARTER_MS;
      const shown = Array.from({ length: 4 * 96 }, (_, index) => from + index * QUARTER_MS).map((at) => ({
        at,
        wall: clock(at),
      }));
      for (const interval of EXPRESSIONS) {
        const within = (tick: number) => tick >= change - 30 * HOUR_MS && tick < change + 30 * HOUR_MS;
        const expected = listByDefinition(interval, shown).filter(within);
        const ours = listTicks(interval, zone, change - 30 * HOUR_MS, change + 30 * HOUR_MS);
        if (String(expected) !== String(ours)) wrong.push({ zone, interval, expected, ours });
      }
    }
  }
  expect(wrong).toEqual([]);
});

describe('in any zone at any time', () => {
  const fields = fc
    .tuple(
      fc.constantFrom('*', '0', '*/7', '30', '5-50/5', '0,59'),
      fc.constantFrom('*', '2', '*/5', '0', '1-3', '23'),
      fc.constantFrom('*', '1', '*/9', '28-31', '?'),
      fc.constantFrom('*', '3', 'mar-nov', '*/4', '2'),
      fc.constantFrom('*', 'sun', '1-5', '?', '3'),
    )
    .map((texts) => texts.join(' '));
  const rules = fc.record({ interval: fields, timezone: fc.constantFrom(...zones, '') });
  const instants = fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2036-01-01') });

  it('moves on, never passes a tick over, and finds its way back', () => {
    fc.assert(
      fc.property(rules, instants, (rule, at) => {
        const schedule = parseTickRule(rule);
        const [before, after] = [schedule.previous(new Date(at)), schedule.next(new Date(at))];
        if (!before || !after) return;
        expect(before.getTime()).toBeLessThan(at);
        expect(after.getTime()).toBeGreaterThan(at);
        expect(schedule.previous(after)).toEqual(
          schedule.next(new Date(at - 1))?.getTime() === at ? new Date(at) : before,
        );
        expect(schedule.next(before)).toEqual(schedule.next(new Date(at - 1)));
      }),
      { numRuns: 3000, seed: 20_220_918 },
    );
  });
});

it('ends the search for what never fires, in a zone too', () => {
  const never = parseTickRule({ interval: '0 0 30 2 *', timezone: 'Europe/Berlin' });
  expect(never.next(new Date('2024-01-01T00:00:00Z'))).toBeUndefined();
  expect(never.previous(new Date('2024-01-01T00:00:00Z'))).toBeUndefined();
});

it('passes years between leap days', () => {
  const leap = parseTickRule({ interval: '0 0 29 2 *', timezone: 'Asia/Tokyo' });
  expect(leap.next(new Date('2024-03-01T00:00:00Z'))).toEqual(new Date('2028-02-28T15:00:00Z'));
  expect(leap.previous(new Date('2028-02-28T15:00:00Z'))).toEqual(new Date('2024-02-28T15:00:00Z'));
});
