import { describe, expect, it } from 'vitest';
import { parseJobEvent } from './run-event.ts';

const TICK = '2022-09-19T02:00:00Z';
const WHOLE = { status: 'failed', event_time: 1663552900.5, task_id: 'neo', scheduled_at: TICK };

describe('an event of a task', () => {
  it('is read with its tick, and kept as it was sent', () => {
    const value = { ...WHOLE, exception: 'no such table', attempt: 2 };
    expect(parseJobEvent('task_fail', value)).toEqual({
      event: {
        type: 'task_fail',
        status: 'failed',
        task: 'neo',
        happenedAt: new Date('2022-09-19T02:01:40.500Z'),
        message: 'no such table',
        value,
      },
      scheduledAt: [new Date(TICK)],
    });
  });

  it.each([
    ['status', 'string'],
    ['event_time', 'float64'],
    ['task_id', 'string'],
    ['scheduled_at', 'string'],
  ])('is refused without %s', (name, kind) => {
    const { [name as keyof typeof WHOLE]: _, ...rest } = WHOLE;
    const message = `property '${name}'(${kind}) is missing in event payload`;
    expect(() => parseJobEvent('hook_start', rest)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message }),
    );
  });

  it.each([
    { ...WHOLE, status: 'done' },
    { ...WHOLE, scheduled_at: 'yesterday' },
    { ...WHOLE, scheduled_at: 7 },
    { ...WHOLE, event_time: 'noon' },
  ])('is refused with a value that cannot be: %j', (value) => {
    expect(() => parseJobEvent('task_start', value)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
  });

  it('of an early client needs its tick alone', () => {
    const value = { scheduled_at: TICK, message: 'it broke', log_url: 'http://logs' };
    expect(parseJobEvent('failure', value).event).toMatchObject({ status: '', message: 'it broke' });
    expect(() => parseJobEvent('failure', { ...value, status: 'failed' })).toThrow(
      /'event_time'\(float64\) is missing/,
    );
  });
});

describe('a missed deadline', () => {
  it('names several ticks, each once, or its own', () => {
    const other = '2022-09-20T02:00:00Z';
    const slas = [TICK, other, TICK].map((at) => ({ dag_id: 'job', scheduled_at: at }));
    expect(parseJobEvent('sla_miss', { slas }).scheduledAt).toEqual([new Date(TICK), new Date(other)]);
    expect(parseJobEvent('sla_miss', { scheduled_at: TICK }).scheduledAt).toEqual([new Date(TICK)]);
    expect(() => parseJobEvent('sla_miss', {})).toThrow(/'scheduled_at'\(string\) is missing/);
  });
});
