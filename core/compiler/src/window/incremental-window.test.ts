import { describe, expect, it } from 'vitest';
import { computeWindow } from './compute-window.ts';
import { computeIncrementalWindow } from './incremental-window.ts';

function windowOf(interval: string, scheduledAt: string): readonly string[] {
  const { start, end } = computeIncrementalWindow({ interval }, new Date(scheduledAt));
  return [start, end].map((at) => at.toISOString().replace(':00.000Z', ''));
}

describe('the incremental window', () => {
  it.each([
    ['0 0 * * *', '2023-11-10T00:00:00Z', '2023-11-09T00:00', '2023-11-10T00:00'],
    ['0 0 * * *', '2023-11-10T06:00:00Z', '2023-11-10T00:00', '2023-11-11T00:00'],
    ['0 0 1 * *', '2023-11-01T00:00:00Z', '2023-10-01T00:00', '2023-11-01T00:00'],
    ['0 0 1 * *', '2023-11-15T00:00:00Z', '2023-11-01T00:00', '2023-12-01T00:00'],
    ['0 0 1 * *', '2023-10-31T00:00:00Z', '2023-10-01T00:00', '2023-11-01T00:00'],
    ['0 0 * * 1', '2023-11-08T00:00:00Z', '2023-11-06T00:00', '2023-11-13T00:00'],
    ['0 */6 * * *', '2023-11-10T09:00:00Z', '2023-11-10T06:00', '2023-11-10T12:00'],
    ['0 0 1 * *', '2023-09-01T01:00:00Z', '2023-09-01T00:00', '2023-10-01T00:00'],
  ])('of %s at %s is %s to %s', (interval, at, start, end) => {
    expect(windowOf(interval, at)).toEqual([start, end]);
  });

  it('leaves no gap between the runs of a year', () => {
    let end = '2023-01-01T00:00';
    for (let day = new Date('2023-01-02T00:00:00Z'); day.getUTCFullYear() === 2023; ) {
      const window = windowOf('@daily', day.toISOString());
      expect(window[0]).toBe(end);
      end = window[1] ?? '';
      day = new Date(day.getTime() + 86_400_000);
    }
  });

  it('is that of a version 3 job which gives its window no part', () => {
    const spec = {
      version: 3,
      task: { name: 't', config: [], window: { size: '', offset: '', truncateTo: '' } },
      schedule: { startDate: '2023-01-01', interval: '@monthly' },
    };
    const { start, end } = computeWindow(spec, new Date('2023-11-15T00:00:00Z'));
    expect([start.toISOString(), end.toISOString()]).toEqual([
      '2023-11-01T00:00:00.000Z',
      '2023-12-01T00:00:00.000Z',
    ]);
  });

  it('has 23 hours on the day that a clock is moved forward on, and 25 when it is moved back', () => {
    const schedule = { interval: '@daily', timezone: 'Europe/Berlin' };
    const hours = ['2024-03-31T22:00:00Z', '2024-10-27T23:00:00Z'].map((at) => {
      const { start, end } = computeIncrementalWindow(schedule, new Date(at));
      return (end.getTime() - start.getTime()) / 3_600_000;
    });
    expect(hours).toEqual([23, 25]);
  });

  it('follows @every from the start date on', () => {
    const schedule = { interval: '@every 7h', startDate: '2024-01-01' };
    const { start, end } = computeIncrementalWindow(schedule, new Date('2024-01-01T14:00:00Z'));
    expect([start, end]).toEqual([new Date('2024-01-01T07:00:00Z'), new Date('2024-01-01T14:00:00Z')]);
  });

  it('needs a schedule to follow', () => {
    expect(() => computeIncrementalWindow({ interval: '' }, new Date())).toThrow(
      'give the job schedule.interval',
    );
    expect(() => computeIncrementalWindow({ interval: '0 0 30 2 *' }, new Date())).toThrow(
      'has no ticks around this time',
    );
  });
});
