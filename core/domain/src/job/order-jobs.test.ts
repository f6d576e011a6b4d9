import { describe, expect, it } from 'vitest';
import { orderJobs } from './order-jobs.ts';

function order(
  upstreams: Readonly<Record<string, readonly string[]>>,
  outside: Readonly<Record<string, number>> = {},
) {
  const { levels, circles } = orderJobs<string>({
    upstreams: new Map(Object.entries(upstreams)),
    levelOf: (id) => outside[id] ?? 0,
  });
  return { levels: Object.fromEntries(levels), circles };
}

describe('the level of a job', () => {
  it('is its longest way from a job that waits for none', () => {
    const { levels, circles } = order({
      leaf: ['root', 'middle', 'short'],
      middle: ['root'],
      short: ['root'],
      root: [],
    });
    expect(levels).toEqual({ root: 0, middle: 1, short: 1, leaf: 2 });
    expect(circles).toEqual([]);
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
    const { levels, circles } = order({
      free: [],
      aaa: ['bbb', 'free'],
      bbb: ['ccc'],
      ccc: ['aaa'],
      behind: ['aaa'],
    });
    expect(levels).toEqual({ free: 0 });
    expect(circles).toEqual([['aaa', 'bbb', 'ccc', 'aaa']]);
  });

  it('may be one job', () => {
    expect(order({ aaa: ['aaa'] }).circles).toEqual([['aaa', 'aaa']]);
  });

  it('is told beside every other one, those behind it included', () => {
    const { circles } = order({
      aaa: ['bbb'],
      bbb: ['aaa'],
      behind: ['aaa', 'other'],
      other: ['aaa', 'behind'],
      xxx: ['yyy'],
      yyy: ['yyy', 'xxx'],
    });
    expect(circles).toEqual([
      ['aaa', 'bbb', 'aaa'],
      ['yyy', 'yyy'],
      ['behind', 'other', 'behind'],
    ]);
  });

  it('of a hundred thousand jobs is told, and so are fifty thousand of two', () => {
    const ring = Array.from({ length: 100_000 }, (_, n) => [`j${n}`, [`j${(n + 1) % 100_000}`]] as const);
    expect(order(Object.fromEntries(ring)).circles.map(({ length }) => length)).toEqual([100_001]);
    const pairs = Array.from(
      { length: 100_000 },
      (_, n) => [`j${n}`, [`j${n % 2 === 0 ? n + 1 : n - 1}`]] as const,
    );
    expect(order(Object.fromEntries(pairs)).circles).toHaveLength(50_000);
  });
});

it('orders a chain of a hundred thousand jobs', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, n) => [`j${n}`, n === 0 ? [] : [`j${n - 1}`]]),
  );
  expect(order(chain).levels['j99999']).toBe(99_999);
});
