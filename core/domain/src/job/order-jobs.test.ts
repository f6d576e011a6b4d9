import { describe, expect, it } from 'vitest';
import { orderJobs } from './order-jobs.ts';

function order(
  upstreams: Readonly<Record<string, readonly string[]>>,
  outside: Readonly<Record<string, number>> = {},
) {
  const { levels, circle } = orderJobs<string>({
    upstreams: new Map(Object.entries(upstreams)),
    levelOf: (id) => outside[id] ?? 0,
  });
  return { levels: Object.fromEntries(levels), circle };
}

describe('the level of a job', () => {
  it('is its longest way from a job that waits for none', () => {
    const { levels, circle } = order({
      leaf: ['root', 'middle', 'short'],
      middle: ['root'],
      short: ['root'],
      root: [],
    });
    expect(levels).toEqual({ root: 0, middle: 1, short: 1, leaf: 2 });
    expect(circle).toBeUndefined();
  });

  it('goes on from upstreams that are not ordered with it', () => {
    expect(order({ one: ['far'], two: ['one', 'near'] }, { far: 7, near: 99 }).levels).toEqual({
      one: 8,
      two: 100,
    });
  });

  it('counts an upstream given twice once', () => {
    expect(order({ one: [], two: ['one', 'one'] }).levels).toEqual({ one: 0, two: 1 });
  });
});

describe('a circle', () => {
  it('is shown with the first job at both ends, and leaves the jobs before it their levels', () => {
    const { levels, circle } = order({
      free: [],
      aaa: ['bbb', 'free'],
      bbb: ['ccc'],
      ccc: ['aaa'],
      behind: ['aaa'],
    });
    expect(levels).toEqual({ free: 0 });
    expect(circle).toHaveLength(4);
    expect(circle?.[0]).toBe(circle?.at(-1));
    expect(new Set(circle)).toEqual(new Set(['aaa', 'bbb', 'ccc']));
  });

  it('may be one job', () => {
    expect(order({ aaa: ['aaa'] }).circle).toEqual(['aaa', 'aaa']);
  });
});

it('orders a chain of a hundred thousand jobs', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, n) => [`j${n}`, n === 0 ? [] : [`j${n - 1}`]]),
  );
  expect(order(chain).levels['j99999']).toBe(99_999);
});
