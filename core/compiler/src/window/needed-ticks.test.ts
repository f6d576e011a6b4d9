import { type JobSchedule, listNeededTicks, type WindowSpec } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { computeWindow } from './compute-window.ts';

// Here and not beside `listNeededTicks`: the rules of windows that it is about are this package's.

const FROM_2020 = { startDate: '2020-01-01' };
const DAILY: JobSchedule = { ...FROM_2020, interval: '0 2 * * *' };
const HOURLY: JobSchedule = { ...FROM_2020, interval: '0 * * * *' };
const V1_DAY = { version: 1, window: { size: '24h', offset: '0', truncateTo: 'd' } };
const V1_HOUR = { version: 1, window: { size: '1h', offset: '0', truncateTo: 'h' } };

interface Upstream {
  readonly schedule: JobSchedule;
  readonly version: number;
  readonly window: Partial<WindowSpec>;
}

function needed(start: string, end: string, { schedule, version, window }: Upstream): readonly string[] {
  const spec = {
    version,
    schedule,
    task: { name: '', config: [], window: { size: '', offset: '', truncateTo: '', ...window } },
  };
  const windowAt = (instant: Date) => computeWindow(spec, instant);
  const interval = { start: new Date(start), end: new Date(end) };
  return listNeededTicks(interval, { schedule, windowAt }).map((tick) =>
    tick.toISOString().replace(':00.000Z', ''),
  );
}

describe('a window of seconds needs', () => {
  const everySixSeconds = { startDate: '2024-03-09', interval: '@every 6s' };
  const ownWindow = {
    schedule: everySixSeconds,
    version: 2,
    window: { size: '6s', offset: '0', truncateTo: '' },
  };

  it('of an upstream that runs as often the run of the same seconds', () => {
    const window = ['2024-03-09T10:00:12Z', '2024-03-09T10:00:18Z'] as const;
    expect(needed(...window, ownWindow)).toEqual(['2024-03-09T10:00:18.000Z']);
  });

  it('of an upstream that runs twice as often both runs, also over a minute', () => {
    const window = ['2024-03-09T10:00:54Z', '2024-03-09T10:01:06Z'] as const;
    expect(needed(...window, ownWindow)).toEqual(['2024-03-09T10:01', '2024-03-09T10:01:06.000Z']);
  });
});

describe('a daily window needs', () => {
  const day = ['2024-03-09T00:00:00Z', '2024-03-10T00:00:00Z'] as const;

  it('of a daily upstream the run of the same day', () => {
    expect(needed(...day, { schedule: DAILY, ...V1_DAY })).toEqual(['2024-03-10T02:00']);
  });

  it('of an hourly upstream all runs of the day', () => {
    const ticks = needed(...day, { schedule: HOURLY, ...V1_HOUR });
    expect(ticks).toHaveLength(24);
    expect([ticks[0], ticks.at(-1)]).toEqual(['2024-03-09T01:00', '2024-03-10T00:00']);
  });

  it('of a weekly upstream the run of its week', () => {
    const weekly = {
      schedule: { ...FROM_2020, interval: '0 5 * * 1' },
      version: 2,
      window: { size: '168h', offset: '0', truncateTo: 'w' },
    };
    expect(needed(...day, weekly)).toEqual(['2024-03-11T05:00']);
  });

  it('of an upstream whose windows overlap the first run that covers all of it', () => {
    const rolling = { schedule: DAILY, version: 1, window: { size: '168h', offset: '0', truncateTo: 'd' } };
    expect(needed(...day, rolling)).toEqual(['2024-03-10T02:00']);
  });

  it('of an upstream that runs more often than its window moves the first run with that window', () => {
    expect(needed(...day, { schedule: HOURLY, ...V1_DAY })).toEqual(['2024-03-10T00:00']);
  });

  it('of an upstream without a window of its own the runs between whose ticks it lies', () => {
    expect(needed(...day, { schedule: DAILY, version: 3, window: {} })).toEqual([
      '2024-03-09T02:00',
      '2024-03-10T02:00',
    ]);
  });

  it('of an upstream whose windows are shifted the run that makes up for it', () => {
    const shifted = { schedule: DAILY, version: 3, window: { size: '1d', shiftBy: '-3d', truncateTo: 'd' } };
    expect(needed(...day, shifted)).toEqual(['2024-03-13T02:00']);
  });

  it('of an upstream in another zone the two runs whose days share it', () => {
    const tokyo = {
      schedule: DAILY,
      version: 3,
      window: { size: '1d', truncateTo: 'd', location: 'Asia/Tokyo' },
    };
    // A day of Tokyo ends at 15:00 in UTC.
    expect(needed(...day, tokyo)).toEqual(['2024-03-10T02:00', '2024-03-11T02:00']);
  });

  it('of an upstream in a zone whose day has 23 hours no run less', () => {
    const location = 'America/New_York';
    const newYork = { schedule: HOURLY, version: 3, window: { size: '1d', truncateTo: 'd', location } };
    expect(needed('2024-03-10T05:00:00Z', '2024-03-11T04:00:00Z', newYork)).toEqual(['2024-03-11T04:00']);
  });
});

describe('a window of several days needs', () => {
  it('of a daily upstream every run in it', () => {
    expect(needed('2024-02-26T00:00:00Z', '2024-03-04T00:00:00Z', { schedule: DAILY, ...V1_DAY })).toEqual([
      '2024-02-27T02:00',
      '2024-02-28T02:00',
      '2024-02-29T02:00',
      '2024-03-01T02:00',
      '2024-03-02T02:00',
      '2024-03-03T02:00',
      '2024-03-04T02:00',
    ]);
  });

  it('of an upstream on working days the runs there are', () => {
    const workdays = { schedule: { ...FROM_2020, interval: '0 2 * * 1-5' }, ...V1_DAY };
    expect(needed('2024-03-08T00:00:00Z', '2024-03-12T00:00:00Z', workdays)).toEqual([
      '2024-03-11T02:00',
      '2024-03-12T02:00',
    ]);
  });

  it('of a monthly upstream the runs of the months that it touches', () => {
    const monthly = {
      schedule: { ...FROM_2020, interval: '0 3 1 * *' },
      version: 3,
      window: { size: '1M', truncateTo: 'M' },
    };
    expect(needed('2024-01-31T00:00:00Z', '2024-02-02T00:00:00Z', monthly)).toEqual([
      '2024-02-01T03:00',
      '2024-03-01T03:00',
    ]);
  });
});

describe('nothing is waited for', () => {
  const day = ['2024-03-09T00:00:00Z', '2024-03-10T00:00:00Z'] as const;

  it('that lies before the first run of the upstream', () => {
    const schedule = { startDate: '2024-03-09', interval: '0 2 * * *' };
    expect(needed(...day, { schedule, ...V1_DAY })).toEqual(['2024-03-10T02:00']);
    expect(needed('2024-03-07T00:00:00Z', day[0], { schedule, ...V1_DAY })).toEqual([]);
  });

  it('that lies after its last', () => {
    const schedule = { ...DAILY, endDate: '2024-02-01' };
    expect(needed(...day, { schedule, ...V1_DAY })).toEqual([]);
  });

  it('of an upstream that runs by hand only, nor by an empty window', () => {
    expect(needed(...day, { schedule: { ...DAILY, interval: '' }, ...V1_DAY })).toEqual([]);
    expect(needed(day[0], day[0], { schedule: DAILY, ...V1_DAY })).toEqual([]);
  });

  it('when it would be more than ten thousand runs, and that is said', () => {
    const minutely = {
      schedule: { ...FROM_2020, interval: '* * * * *' },
      version: 3,
      window: { size: '1h', shiftBy: '0h', truncateTo: '' },
    };
    const incremental = { ...minutely, window: {} };
    expect(() => needed('2023-01-01T00:00:00Z', '2024-01-01T00:00:00Z', incremental)).toThrow(
      'more than 10000 runs',
    );
  });
});

it('covers every window that its upstream covers, with runs of which none can be left out', () => {
  const windows: readonly Pick<Upstream, 'version' | 'window'>[] = [
    V1_DAY,
    V1_HOUR,
    { version: 3, window: {} },
    { version: 2, window: { size: '72h', offset: '-24h', truncateTo: 'd' } },
    { version: 3, window: { size: '2w', truncateTo: 'w', location: 'Europe/Berlin' } },
  ];
  const crons = ['0 * * * *', '*/7 3-9 * * *', '0 2 * * *', '30 4 * * 1,4', '0 0 1 * *'];
  for (const { version, window } of windows) {
    for (const interval of crons) {
      const schedule = { ...FROM_2020, interval };
      const spec = {
        version,
        schedule,
        task: { name: '', config: [], window: { size: '', offset: '', truncateTo: '', ...window } },
      };
      const windowAt = (instant: Date) => computeWindow(spec, instant);
      const wanted = { start: new Date('2024-03-28T10:00:00Z'), end: new Date('2024-04-02T10:00:00Z') };
      const spans = listNeededTicks(wanted, { schedule, windowAt }).map(windowAt);
      const cover = (list: typeof spans): number => {
        let [covered, edge] = [0, wanted.start.getTime()];
        for (const { start, end } of list) {
          const from = Math.max(edge, start.getTime());
          edge = Math.max(edge, Math.min(end.getTime(), wanted.end.getTime()));
          covered += Math.max(0, edge - from);
        }
        return covered;
      };
      const all = cover(spans);
      expect(all).toBeGreaterThan(0);
      for (const one of spans) expect(cover(spans.filter((other) => other !== one))).toBeLessThan(all);
    }
  }
});
