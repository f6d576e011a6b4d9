import { describe, expect, it } from 'vitest';
import { planFirstTick, planTicks, type TickPlanInput } from './plan-runs.ts';

const WEEK = { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' };
const catchingUp: TickPlanInput = { schedule: WEEK, catchUp: true };
const newestOnly: TickPlanInput = { schedule: WEEK, catchUp: false };
const at = (text: string): Date => new Date(text);
const LATER = at('2024-01-01T00:00:00Z');

/** Everything that a planner would plan by `now`, batch by batch. */
function planAll(input: TickPlanInput, deployedAt: Date, now: Date, limit = 100): string[] {
  const ticks: string[] = [];
  let cursor = planFirstTick(input, deployedAt, undefined);
  while (cursor && cursor <= now) {
    const plan = planTicks(input, cursor, now, limit);
    ticks.push(...plan.ticks.map((tick) => tick.toISOString()));
    cursor = plan.next;
  }
  return ticks;
}

describe('catching up', () => {
  const days = ['19', '20', '21', '22', '23', '24', '25'].map((day) => `2022-09-${day}T02:00:00.000Z`);

  it('plans every tick from the second one on until the interval start passes the end date', () => {
    expect(planAll(catchingUp, LATER, LATER)).toEqual(days);
  });

  it('plans the same ticks in batches of any size', () => {
    for (const limit of [1, 2, 7, 8]) expect(planAll(catchingUp, LATER, LATER, limit)).toEqual(days);
  });

  it('fires at the end of an interval, also when the start date is itself a tick', () => {
    const midnight = { schedule: { ...WEEK, interval: '@daily' }, catchUp: true };
    expect(planFirstTick(midnight, LATER, undefined)).toEqual(at('2022-09-19T00:00:00Z'));
    // The interval that starts at midnight of the end date still belongs to the schedule.
    expect(planAll(midnight, LATER, LATER).at(-1)).toBe('2022-09-26T00:00:00.000Z');
  });

  it('goes on after the newest planned tick', () => {
    expect(planFirstTick(catchingUp, LATER, at('2022-09-22T02:00:00Z'))).toEqual(at('2022-09-23T02:00:00Z'));
  });

  it('never goes back when the start date is moved back', () => {
    const earlier = { schedule: { ...WEEK, startDate: '2020-01-01' }, catchUp: true };
    expect(planFirstTick(earlier, LATER, at('2022-09-22T02:00:00Z'))).toEqual(at('2022-09-23T02:00:00Z'));
  });

  it('ends after the last planned tick', () => {
    expect(planFirstTick(catchingUp, LATER, at('2022-09-25T02:00:00Z'))).toBeUndefined();
  });

  it('leaves a tick that is not due', () => {
    const cursor = at('2022-09-20T02:00:00Z');
    expect(planTicks(catchingUp, cursor, at('2022-09-20T01:59:59.999Z'), 10)).toEqual({
      ticks: [],
      next: cursor,
    });
  });
});

describe('without catching up', () => {
  const openEnded: TickPlanInput = {
    schedule: { startDate: '2022-09-18', interval: '0 2 * * *' },
    catchUp: false,
  };

  it('plans the newest due tick, then each tick as it comes', () => {
    const deployedAt = at('2022-09-22T12:00:00Z');
    expect(planAll(openEnded, deployedAt, deployedAt)).toEqual(['2022-09-22T02:00:00.000Z']);
    const { next } = planTicks(openEnded, at('2022-09-22T02:00:00Z'), deployedAt, 10);
    expect(next).toEqual(at('2022-09-23T02:00:00Z'));
    expect(planTicks(openEnded, at('2022-09-23T02:00:00Z'), at('2022-09-23T02:00:00Z'), 10)).toEqual({
      ticks: [at('2022-09-23T02:00:00Z')],
      next: at('2022-09-24T02:00:00Z'),
    });
  });

  it('plans one tick however many were missed and however small the batch', () => {
    const plan = planTicks(openEnded, at('2022-09-20T02:00:00Z'), at('2023-01-10T12:00:00Z'), 5);
    expect(plan).toEqual({ ticks: [at('2023-01-10T02:00:00Z')], next: at('2023-01-11T02:00:00Z') });
  });

  it('waits for the first run of a job that begins in the future', () => {
    expect(planFirstTick(newestOnly, at('2022-01-01T00:00:00Z'), undefined)).toEqual(
      at('2022-09-19T02:00:00Z'),
    );
  });

  it('does not begin a schedule that is over', () => {
    expect(planFirstTick(newestOnly, LATER, undefined)).toBeUndefined();
  });

  it('keeps the last tick of a schedule that ended while no server ran', () => {
    expect(planTicks(newestOnly, at('2022-09-22T02:00:00Z'), LATER, 10)).toEqual({
      ticks: [at('2022-09-25T02:00:00Z')],
      next: undefined,
    });
  });

  it('does not plan a tick twice when the job is deployed again', () => {
    const deployedAt = at('2022-09-22T12:00:00Z');
    expect(planFirstTick(openEnded, deployedAt, at('2022-09-22T02:00:00Z'))).toEqual(
      at('2022-09-23T02:00:00Z'),
    );
  });
});

it('plans nothing for a job that is run by hand, or whose cron never fires', () => {
  const byHand = { schedule: { startDate: '2022-09-18', interval: '' }, catchUp: true };
  const never = { schedule: { startDate: '2022-09-18', interval: '0 0 31 2 *' }, catchUp: true };
  expect(planFirstTick(byHand, LATER, undefined)).toBeUndefined();
  expect(planFirstTick(never, LATER, undefined)).toBeUndefined();
});

describe('by the clock of New York', () => {
  const newYork = (schedule: Partial<TickPlanInput['schedule']>): TickPlanInput => ({
    schedule: { startDate: '2024-03-08', interval: '30 2 * * *', timezone: 'America/New_York', ...schedule },
    catchUp: true,
  });

  it('plans one run a day across the day with 23 hours', () => {
    expect(planAll(newYork({ endDate: '2024-03-11' }), LATER, at('2024-04-01T00:00:00Z'))).toEqual([
      '2024-03-09T07:30:00.000Z',
      '2024-03-10T07:30:00.000Z',
      '2024-03-11T06:30:00.000Z',
    ]);
  });

  it('plans one run a day across the day with 25 hours', () => {
    const autumn = newYork({ startDate: '2024-11-01', endDate: '2024-11-04', interval: '30 1 * * *' });
    expect(planAll(autumn, LATER, at('2024-12-01T00:00:00Z'))).toEqual([
      '2024-11-02T05:30:00.000Z',
      '2024-11-03T05:30:00.000Z',
      '2024-11-04T06:30:00.000Z',
    ]);
  });

  it('begins and ends at midnight of that clock', () => {
    const daily = newYork({ startDate: '2024-03-09', endDate: '2024-03-10', interval: '@daily' });
    expect(planAll(daily, LATER, at('2024-04-01T00:00:00Z'))).toEqual([
      '2024-03-10T05:00:00.000Z',
      '2024-03-11T04:00:00.000Z',
    ]);
  });

  it('counts the hours of @every from the start date, whatever the clock does', () => {
    const halfDays = newYork({ startDate: '2024-03-09', endDate: '2024-03-10', interval: '@every 12h' });
    expect(planAll(halfDays, LATER, at('2024-03-11T18:00:00Z'))).toEqual([
      '2024-03-09T17:00:00.000Z',
      '2024-03-10T05:00:00.000Z',
      '2024-03-10T17:00:00.000Z',
    ]);
  });
});
