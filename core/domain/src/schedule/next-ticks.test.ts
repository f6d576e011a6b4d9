import { expect, it } from 'vitest';
import { listNextTicks } from './next-ticks.ts';

const schedule = { startDate: '2022-09-18', endDate: '2022-09-20', interval: '0 2 * * *' };

function ticksOf(after: string, count = 9, changes = {}): readonly string[] {
  return listNextTicks({ ...schedule, ...changes }, new Date(after), count).map((tick) => tick.toISOString());
}

it('begins with the first run of a schedule that has not begun', () => {
  expect(ticksOf('2020-01-01T00:00:00Z', 1)).toEqual(['2022-09-19T02:00:00.000Z']);
});

it('lists ticks strictly after the instant, at most so many', () => {
  expect(ticksOf('2022-09-19T02:00:00Z', 1)).toEqual(['2022-09-20T02:00:00.000Z']);
  expect(ticksOf('2022-09-18T02:00:00Z', 0)).toEqual([]);
});

it('ends with the schedule', () => {
  expect(ticksOf('2022-09-19T12:00:00Z')).toEqual(['2022-09-20T02:00:00.000Z']);
  expect(ticksOf('2022-09-21T12:00:00Z')).toEqual([]);
});

it('has nothing to list for a job that runs by hand only', () => {
  expect(ticksOf('2022-09-19T02:00:00Z', 3, { interval: '' })).toEqual([]);
});
