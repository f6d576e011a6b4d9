import { describe, expect, it } from 'vitest';
import { Flags, isCalendarDay } from './flags.ts';

describe('a flag that was given', () => {
  const flags = new Flags({
    startDate: '2022-09-18',
    state: ['failed,success', 'queued'],
    yes: true,
    catchUp: false,
  });

  it('is found by its name as it is typed', () => {
    expect(flags.text('start-date')).toBe('2022-09-18');
    expect(flags.isSet('yes')).toBe(true);
    expect(flags.toggle('catch-up')).toBe(false);
  });

  it('may be repeated, and split at commas where it is a list', () => {
    expect(flags.texts('state')).toEqual(['failed,success', 'queued']);
    expect(flags.texts('state', { isList: true })).toEqual(['failed', 'success', 'queued']);
  });

  it('is undefined, empty or false when it was not', () => {
    expect(flags.text('end-date')).toBeUndefined();
    expect(flags.texts('answer')).toEqual([]);
    expect(flags.isSet('force')).toBe(false);
    expect(flags.toggle('retry')).toBeUndefined();
  });
});

describe('choice', () => {
  it('takes any case', () => {
    expect(new Flags({ output: 'JSON' }).choice('output', ['table', 'json'])).toBe('json');
  });

  it('refuses anything else and lists what there is', () => {
    expect(() => new Flags({ output: 'xml' }).choice('output', ['table', 'json'])).toThrow(
      '--output is "xml", must be one of table, json',
    );
  });
});

describe('count', () => {
  it.each(['-1', '1.5', 'many', '', '1e3'])('refuses %j', (value) => {
    expect(() => new Flags({ limit: value }).count('limit', 1)).toThrow('--limit is');
  });

  it('takes a whole number', () => {
    expect(new Flags({ limit: '20' }).count('limit', 1)).toBe(20);
  });
});

describe('runCount', () => {
  it('refuses more runs than anyone reads', () => {
    expect(() => new Flags({ next: '1001' }).runCount('next')).toThrow(
      '--next is 1001, must be at most 1000',
    );
    expect(new Flags({ next: '1000' }).runCount('next')).toBe(1000);
  });

  it.each(['0', '-1', 'many'])('refuses %j', (value) => {
    expect(() => new Flags({ next: value }).runCount('next')).toThrow('must be a whole number from 1 on');
  });
});

describe('instant', () => {
  it.each([
    ['2022-09-19', '2022-09-19T00:00:00.000Z'],
    ['2022-09-19T02:00:00Z', '2022-09-19T02:00:00.000Z'],
    ['2022-09-19T02:00:00.5+02:00', '2022-09-19T00:00:00.500Z'],
  ])('reads %s', (value, instant) => {
    expect(new Flags({ since: value }).instant('since')?.toISOString()).toBe(instant);
  });

  it.each(['yesterday', '2022-02-30', '2022-02-30T00:00:00Z', '2022-09-19T25:00:00Z', '2022-09-19T02:00:00'])(
    'refuses %s',
    (value) => {
      expect(() => new Flags({ since: value }).instant('since')).toThrow('must be a time such as');
    },
  );
});

it('knows which days exist', () => {
  expect(isCalendarDay('2024-02-29')).toBe(true);
  expect(isCalendarDay('2023-02-29')).toBe(false);
  expect(isCalendarDay('2023-2-9')).toBe(false);
});
