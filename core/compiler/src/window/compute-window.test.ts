import { OptimusError, type WindowSpec } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { computeWindow } from './compute-window.ts';

function windowOf(version: number, window: WindowSpec, scheduledAt: string): readonly string[] {
  const { start, end } = computeWindow(
    { version, task: { name: 't', config: [], window } },
    new Date(scheduledAt),
  );
  return [start, end].map((at) => at.toISOString().replace('.000Z', 'Z'));
}

function failure(version: number, window: Partial<WindowSpec>): OptimusError {
  try {
    windowOf(version, { size: '24h', offset: '0', truncateTo: 'd', ...window }, '2022-07-05T02:10:10Z');
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
  return expect.unreachable('the window was expected to be refused');
}

describe('version 1', () => {
  it.each([
    ['2021-02-25T00:00:00Z', '24h', '0', '', '2021-02-24T00:00:00Z', '2021-02-25T00:00:00Z'],
    ['2020-07-10T06:33:22Z', '24h', '0', '', '2020-07-09T06:33:22Z', '2020-07-10T06:33:22Z'],
    ['2020-07-10T06:33:22Z', '24h', '0', 'h', '2020-07-09T06:00:00Z', '2020-07-10T06:00:00Z'],
    ['2020-07-10T06:33:22Z', '24h', '0', 'd', '2020-07-09T00:00:00Z', '2020-07-10T00:00:00Z'],
    ['2020-07-10T06:33:22Z', '48h', '24h', 'd', '2020-07-09T00:00:00Z', '2020-07-11T00:00:00Z'],
    ['2020-07-10T06:33:22Z', '24h', '-24h', 'd', '2020-07-08T00:00:00Z', '2020-07-09T00:00:00Z'],
    ['2020-07-10T06:33:22Z', '168h', '0', 'w', '2020-07-05T00:00:00Z', '2020-07-12T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '720h', '0', 'M', '2021-02-01T00:00:00Z', '2021-02-28T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '720h', '720h', 'M', '2021-03-01T00:00:00Z', '2021-03-31T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '720h', '-720h', 'M', '2021-01-01T00:00:00Z', '2021-01-31T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '480h', '0', 'M', '2021-02-01T00:00:00Z', '2021-02-28T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '1440h', '0', 'M', '2021-01-01T00:00:00Z', '2021-02-28T00:00:00Z'],
    ['2021-03-31T06:33:22Z', '720h', '-720h', 'M', '2021-02-01T00:00:00Z', '2021-02-28T00:00:00Z'],
    // A Sunday begins the week whose window ends on the next one.
    ['2020-07-12T06:33:22Z', '168h', '0', 'w', '2020-07-12T00:00:00Z', '2020-07-19T00:00:00Z'],
    // "m" was always accepted and never truncated.
    ['2020-07-10T06:33:22Z', '24h', '0', 'm', '2020-07-09T06:33:22Z', '2020-07-10T06:33:22Z'],
    // Months are 720 hours; offsets that are no multiple of it are cut.
    ['2020-07-10T06:33:22Z', '1M', '0', 'd', '2020-06-10T00:00:00Z', '2020-07-10T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '1M', '-1M24h', 'M', '2021-01-01T00:00:00Z', '2021-01-31T00:00:00Z'],
    ['2021-02-25T06:33:22Z', '2M', '700h', 'M', '2021-01-01T00:00:00Z', '2021-02-28T00:00:00Z'],
    // An absent size is a day.
    ['2020-07-10T06:33:22Z', '', '', 'd', '2020-07-09T00:00:00Z', '2020-07-10T00:00:00Z'],
    ['1969-12-31T23:59:59Z', '24h', '0', 'd', '1969-12-30T00:00:00Z', '1969-12-31T00:00:00Z'],
  ])('at %s size %s offset %s truncated to "%s" is %s to %s', (at, size, offset, truncateTo, start, end) => {
    expect(windowOf(1, { size, offset, truncateTo }, at)).toEqual([start, end]);
  });
});

describe('version 2', () => {
  const tuesday = '2022-07-05T02:10:10Z';

  it.each([
    [tuesday, '24h', '0', 'h', '2022-07-04T02:00:00Z', '2022-07-05T02:00:00Z'],
    [tuesday, '24h', '0', '', '2022-07-04T02:10:10Z', '2022-07-05T02:10:10Z'],
    [tuesday, '24h', '0', 'd', '2022-07-04T00:00:00Z', '2022-07-05T00:00:00Z'],
    [tuesday, '24h', '0', 'w', '2022-07-03T00:00:00Z', '2022-07-04T00:00:00Z'],
    [tuesday, '24h', '0', 'M', '2022-06-30T00:00:00Z', '2022-07-01T00:00:00Z'],
    ['2022-07-04T00:00:00Z', '24h', '0', 'w', '2022-07-03T00:00:00Z', '2022-07-04T00:00:00Z'],
    ['2022-07-01T00:00:00Z', '24h', '0', 'M', '2022-06-30T00:00:00Z', '2022-07-01T00:00:00Z'],
    [tuesday, '24h30m', '0', 'd', '2022-07-03T23:30:00Z', '2022-07-05T00:00:00Z'],
    [tuesday, '60m', '0', 'd', '2022-07-04T23:00:00Z', '2022-07-05T00:00:00Z'],
    [tuesday, '', '0', 'd', '2022-07-05T00:00:00Z', '2022-07-05T00:00:00Z'],
    [tuesday, '2M', '0', 'M', '2022-05-01T00:00:00Z', '2022-07-01T00:00:00Z'],
    [tuesday, '1M24h', '0', 'M', '2022-05-30T00:00:00Z', '2022-07-01T00:00:00Z'],
    [tuesday, '24h', '24h', 'd', '2022-07-05T00:00:00Z', '2022-07-06T00:00:00Z'],
    [tuesday, '24h', '-24h', 'd', '2022-07-03T00:00:00Z', '2022-07-04T00:00:00Z'],
    [tuesday, '24h', '', 'd', '2022-07-04T00:00:00Z', '2022-07-05T00:00:00Z'],
    [tuesday, '1M', '-1M', 'M', '2022-05-01T00:00:00Z', '2022-06-01T00:00:00Z'],
    [tuesday, '1M', '-1M24h', 'M', '2022-04-30T00:00:00Z', '2022-05-30T00:00:00Z'],
    // A Sunday belongs to the week before it.
    ['2022-07-10T12:00:00Z', '168h', '0', 'w', '2022-06-27T00:00:00Z', '2022-07-04T00:00:00Z'],
    // 31 February runs over into March, as Go counts.
    ['2022-03-31T00:00:00Z', '1M', '0', 'd', '2022-03-03T00:00:00Z', '2022-03-31T00:00:00Z'],
  ])('at %s size %s offset %s truncated to "%s" is %s to %s', (at, size, offset, truncateTo, start, end) => {
    expect(windowOf(2, { size, offset, truncateTo }, at)).toEqual([start, end]);
  });
});

describe.each([1, 2])('version %i', (version) => {
  it.each([
    '24h',
    '2h45m',
    '60s',
    '45m24h',
    '0',
    '',
    '2M',
    '45M24h',
    '45M24h30m',
    '-45M24h30m',
    '1.5h',
    '+3h',
    '500ms',
  ])('takes the offset "%s"', (offset) => {
    expect(() =>
      windowOf(version, { size: '24h', offset, truncateTo: 'd' }, '2022-07-05T02:10:10Z'),
    ).not.toThrow();
  });

  it.each(['60S', '60', 'h', '-', 'M', '1M-24h', '1 h', '24h ', '1M1M', '9999999h', '1d', '--1h'])(
    'refuses the offset "%s", naming field, value and grammar',
    (offset) => {
      const error = failure(version, { offset });
      expect(error.code).toBe('WINDOW_INVALID');
      expect(error.message).toContain(`window offset ${JSON.stringify(offset)}`);
      expect(error.message).toContain('both such as -1M24h');
    },
  );

  it.each(['60S', '60', '2d', '-24h', '-45M24h30m'])('refuses the size "%s"', (size) => {
    expect(failure(version, { size }).message).toContain(`window size ${JSON.stringify(size)}`);
  });

  it('says that a size cannot be negative', () => {
    expect(failure(version, { size: '-24h' }).message).toMatch(/^window size "-24h" cannot be negative: /);
  });

  it.each(['s', 'a', 'ms', 'H', 'D', 'W', 'day', 'toString'])('refuses truncation to "%s"', (truncateTo) => {
    expect(failure(version, { truncateTo }).message).toMatch(
      /is not a unit: write h, d, w or M, or leave it empty$/,
    );
  });

  it('refuses a window outside the calendar', () => {
    expect(failure(version, { offset: '99999M', truncateTo: 'M' }).code).toBe('WINDOW_INVALID');
  });
});

describe('versions', () => {
  it('never guesses what a window means in a version it does not know', () => {
    expect(failure(4, {})).toMatchObject({
      code: 'WINDOW_INVALID',
      message: 'window version "4" has no window rules here: use specification version 1, 2, 3',
    });
  });

  it('refuses "m" in version 2', () => {
    expect(failure(2, { truncateTo: 'm' }).message).toContain('truncate_to "m"');
  });
});
