import { OptimusError, type WindowSpec } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { computeWindow, type WindowOptions } from './compute-window.ts';

const friday = '2023-11-10T10:20:50Z';

function intervalOf(window: Partial<WindowSpec>, scheduledAt = friday, options: WindowOptions = {}) {
  const complete = { size: '', offset: '', truncateTo: '', ...window };
  const spec = { version: 3, task: { name: 't', config: [], window: complete } };
  return computeWindow(spec, new Date(scheduledAt), options);
}

function windowOf(window: Partial<WindowSpec>, scheduledAt?: string, options?: WindowOptions) {
  const { start, end } = intervalOf(window, scheduledAt, options);
  return [start, end].map((at) => at.toISOString().replace('.000Z', 'Z'));
}

function messageOf(window: Partial<WindowSpec>, options?: WindowOptions): string {
  try {
    windowOf(window, friday, options);
  } catch (error) {
    if (error instanceof OptimusError && error.code === 'WINDOW_INVALID') return error.message;
    throw error;
  }
  return expect.unreachable('the window was expected to be refused');
}

describe('version 3', () => {
  it.each([
    [friday, '3d', '', 'None', '2023-11-07T10:20:50Z', '2023-11-10T10:20:50Z'],
    [friday, '24h', '', 'd', '2023-11-09T00:00:00Z', '2023-11-10T00:00:00Z'],
    [friday, '2h', '', '', '2023-11-10T08:00:00Z', '2023-11-10T10:00:00Z'],
    [friday, '3d', '', '', '2023-11-07T00:00:00Z', '2023-11-10T00:00:00Z'],
    [friday, '1w', '', '', '2023-10-30T00:00:00Z', '2023-11-06T00:00:00Z'],
    ['2023-11-12T10:20:50Z', '1w', '', '', '2023-10-30T00:00:00Z', '2023-11-06T00:00:00Z'],
    ['2023-11-13T10:20:50Z', '1w', '', '', '2023-11-06T00:00:00Z', '2023-11-13T00:00:00Z'],
    [friday, '3M', '', '', '2023-08-01T00:00:00Z', '2023-11-01T00:00:00Z'],
    ['2024-02-01T00:00:00Z', '3M', '', '', '2023-11-01T00:00:00Z', '2024-02-01T00:00:00Z'],
    [friday, '1y', '', '', '2022-01-01T00:00:00Z', '2023-01-01T00:00:00Z'],
    [friday, '3d', '2h', '', '2023-11-07T02:00:00Z', '2023-11-10T02:00:00Z'],
    [friday, '1w', '3d', '', '2023-11-02T00:00:00Z', '2023-11-09T00:00:00Z'],
    [friday, '3M', '3d', '', '2023-08-04T00:00:00Z', '2023-11-04T00:00:00Z'],
    ['2023-01-13T00:00:00Z', '3M', '3d', '', '2022-10-04T00:00:00Z', '2023-01-04T00:00:00Z'],
    [friday, '27d', '3d', 'M', '2023-10-08T00:00:00Z', '2023-11-04T00:00:00Z'],
    ['2023-11-09T00:00:00+05:30', '2h', '', '', '2023-11-08T16:00:00Z', '2023-11-08T18:00:00Z'],
    ['2023-11-09T00:00:02+05:30', '3d', '', '', '2023-11-05T00:00:00Z', '2023-11-08T00:00:00Z'],
    // The same instant, however it is written.
    ['2023-11-10T15:50:50+05:30', '3d', '', '', '2023-11-07T00:00:00Z', '2023-11-10T00:00:00Z'],
  ])(
    'at %s size %s shifted by "%s" truncated to "%s" is %s to %s',
    (at, size, shiftBy, truncateTo, start, end) => {
      expect(windowOf({ size, shiftBy, truncateTo }, at)).toEqual([start, end]);
    },
  );

  // Moved by nothing but the shift: what subtracting each unit means.
  it.each([
    ['-2h', '2023-11-10T08:20:50Z'],
    ['-1d', '2023-11-09T10:20:50Z'],
    ['-1w', '2023-11-03T10:20:50Z'],
    ['-2M', '2023-09-10T10:20:50Z'],
    ['-1y', '2022-11-10T10:20:50Z'],
    ['2M', '2024-01-10T10:20:50Z'],
  ])('moves the end by %s to %s', (shiftBy, end) => {
    expect(windowOf({ size: 'None', shiftBy, truncateTo: 'None' })).toEqual([end, end]);
  });

  it('counts months as Go does: 31 March less one month is 3 March', () => {
    expect(windowOf({ size: '1M', truncateTo: 'None' }, '2023-03-31T00:00:00Z')[0]).toBe(
      '2023-03-03T00:00:00Z',
    );
  });

  it.each([
    [
      { size: '1g' },
      'window size "1g" has an invalid unit g: write a number and one of the accepted units h, d, w, M, y',
    ],
    [{ size: '1' }, 'window size "1" is not a length of time'],
    [{ size: '1d2h' }, 'is not a length of time'],
    [{ size: '-1d' }, 'window size "-1d" cannot be negative: move the window with shift_by instead'],
    [{ size: '1d', shiftBy: 'x' }, 'window shift_by "x"'],
    [{ size: '1d', truncateTo: 'm' }, 'write h, d, w, M or y, None for no truncation'],
    [{ size: '1d', location: 'Asia/Jakart' }, 'window location "Asia/Jakart" is not a time zone'],
    [
      { size: '1d', offset: '24h' },
      'window offset "24h" has no meaning in version 3: write shift_by instead',
    ],
    [{ size: '999999y' }, 'leaves the calendar'],
  ])('refuses %j and says how to mend it', (window, message) => {
    expect(messageOf(window)).toContain(message);
  });
});

describe('a location', () => {
  it.each([
    ['2h', '2023-11-10T09:30:00Z'],
    ['1d', '2023-11-09T18:30:00Z'],
    ['1w', '2023-11-05T18:30:00Z'],
    ['1M', '2023-10-31T18:30:00Z'],
    ['1y', '2022-12-31T18:30:00Z'],
  ])('ends a window of %s where the clock of India has it', (size, end) => {
    expect(windowOf({ size, location: 'Asia/Kolkata' })[1]).toBe(end);
  });

  it('gives the window of the documentation', () => {
    const window = { size: '1d', shiftBy: '-1d', truncateTo: 'h', location: 'Asia/Jakarta' };
    expect(intervalOf(window, '2023-12-01T03:00:00Z')).toEqual({
      start: new Date('2023-11-29T10:00:00+07:00'),
      end: new Date('2023-11-30T10:00:00+07:00'),
      location: 'Asia/Jakarta',
    });
  });

  it('makes days of 23 and 25 hours where the clock is moved', () => {
    const berlin = { size: '1d', location: 'Europe/Berlin' };
    expect(windowOf(berlin, '2024-04-01T05:00:00Z')).toEqual([
      '2024-03-30T23:00:00Z',
      '2024-03-31T22:00:00Z',
    ]);
    expect(windowOf(berlin, '2024-10-28T05:00:00Z')).toEqual([
      '2024-10-26T22:00:00Z',
      '2024-10-27T23:00:00Z',
    ]);
  });

  it('counts hours by their length where the clock is moved', () => {
    const window = { size: '24h', truncateTo: 'd', location: 'Europe/Berlin' };
    expect(windowOf(window, '2024-04-01T05:00:00Z')).toEqual([
      '2024-03-30T22:00:00Z',
      '2024-03-31T22:00:00Z',
    ]);
  });

  it('is left out where it is UTC', () => {
    expect(intervalOf({ size: '1d', location: 'UTC' })).not.toHaveProperty('location');
  });
});

describe('a preset', () => {
  const presets = { yesterday: { size: '1d', shiftBy: '-1d', truncateTo: 'd', location: 'Asia/Jakarta' } };

  it('is the window of that name, whatever the job says besides', () => {
    const expected = windowOf(presets.yesterday);
    expect(windowOf({ preset: 'yesterday' }, friday, { presets })).toEqual(expected);
    expect(windowOf({ preset: 'yesterday', size: '3M' }, friday, { presets })).toEqual(expected);
  });

  it('must be one of the project', () => {
    expect(messageOf({ preset: 'yesterdya' }, { presets })).toContain('did you mean "yesterday"?');
    expect(messageOf({ preset: 'toString' }, { presets })).toContain('window preset "toString"');
    expect(messageOf({ preset: 'yesterday' })).toContain("is not one of the project's");
  });
});

describe('what only version 3 knows', () => {
  it('is not a preset: it holds in every version', () => {
    const window = { size: '24h', offset: '0', truncateTo: 'd', preset: 'day' };
    const presets = { day: { size: '1d', truncateTo: 'd' } };
    for (const version of [1, 2, 3]) {
      const spec = { version, task: { name: 't', config: [], window } };
      const { start } = computeWindow(spec, new Date('2023-11-10T10:20:50Z'), { presets });
      expect(start).toEqual(new Date('2023-11-09T00:00:00Z'));
    }
  });

  it.each([{ shiftBy: '1d' }, { location: 'Asia/Jakarta' }])('is refused before it: %j', (part) => {
    const window = { size: '24h', offset: '0', truncateTo: 'd', ...part };
    const compute = () =>
      computeWindow({ version: 2, task: { name: 't', config: [], window } }, new Date(friday));
    expect(compute).toThrow('has no meaning before version 3');
  });
});
