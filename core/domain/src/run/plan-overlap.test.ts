import { describe, expect, it } from 'vitest';
import { planOverlap } from './plan-overlap.ts';

const hours = (...numbers: readonly number[]) => numbers.map((hour) => new Date(Date.UTC(2024, 0, 1, hour)));

describe('a tick that finds a run of its job that is not over', () => {
  it('waits, and nothing ends', () => {
    expect(planOverlap('wait', { earlier: hours(1), planned: hours(2, 3) })).toEqual([]);
  });

  it('is skipped, and says what was in its way', () => {
    expect(planOverlap('skip', { earlier: hours(1), planned: hours(2, 3) })).toEqual(
      hours(2, 3).map((scheduledAt) => ({
        scheduledAt,
        state: 'skipped',
        message: 'the run of 2024-01-01T01:00:00Z was not over',
      })),
    );
  });

  it('cancels what is there, and says what took its place', () => {
    expect(planOverlap('cancel', { earlier: hours(1), planned: hours(2) })).toEqual(
      hours(1).map((scheduledAt) => ({
        scheduledAt,
        state: 'canceled',
        message: 'the run of 2024-01-01T02:00:00Z took its place',
      })),
    );
  });
});

describe('ticks that are planned together', () => {
  it('are as if planned one after the other: the first is in the way of the others', () => {
    const ends = planOverlap('skip', { earlier: [], planned: hours(2, 3, 4) });
    expect(ends.map(({ scheduledAt }) => scheduledAt)).toEqual(hours(3, 4));
    expect(new Set(ends.map(({ message }) => message))).toEqual(
      new Set(['the run of 2024-01-01T02:00:00Z was not over']),
    );
  });

  it('or the last takes the place of all before it', () => {
    const ends = planOverlap('cancel', { earlier: hours(1), planned: hours(2, 3) });
    expect(ends.map(({ scheduledAt }) => scheduledAt)).toEqual(hours(1, 2));
  });
});

it('a tick that finds no other run ends nothing', () => {
  for (const policy of ['wait', 'skip', 'cancel'] as const) {
    expect(planOverlap(policy, { earlier: [], planned: hours(2) })).toEqual([]);
    expect(planOverlap(policy, { earlier: hours(1), planned: [] })).toEqual([]);
  }
});
