import { describe, expect, it } from 'vitest';
import { type CalendarJobDefinition, defineJob, type JobDefinition, readJob } from './index.ts';

const orders: CalendarJobDefinition = {
  version: 3,
  name: 'orders',
  owner: 'team@example.io',
  schedule: { startDate: '2024-01-01', interval: '0 2 * * *' },
  task: {
    name: 'bq2bq',
    config: { TABLE: 'orders', PARALLEL: 5, DRY: false },
    window: { size: '1d', shiftBy: '-1d' },
  },
};

describe('a defined job', () => {
  it('is the job.yaml that a person would write', () => {
    expect(defineJob(orders).yaml).toBe(`version: 3
name: orders
owner: team@example.io
schedule:
  start_date: 2024-01-01
  interval: 0 2 * * *
behavior:
  depends_on_past: false
  catch_up: false
task:
  name: bq2bq
  config:
    TABLE: orders
    PARALLEL: "5"
    DRY: "false"
  window:
    size: 1d
    shift_by: -1d
labels: {}
dependencies: []
hooks: []
`);
  });

  it('is refused with everything that is wrong', () => {
    const wrong = {
      ...orders,
      name: '-x',
      schedule: { startDate: '2024-02-30', interval: '61 * * * *' },
    } as const;
    expect(() => defineJob({ ...wrong, name: 'abc' })).toThrow(
      /start_date is "2024-02-30"[^]*interval is refused/,
    );
    expect(() => defineJob(wrong)).toThrow('"-x" is not valid');
    expect(() => defineJob({ ...orders, behavior: { retry: { count: -1 } } })).toThrow(
      'behavior.retry.count',
    );
  });

  it('may name a preset of its project', () => {
    const { yaml } = defineJob({ ...orders, task: { name: 'neo', window: { preset: 'yesterday' } } });
    expect(yaml).toContain('  window:\n    preset: yesterday\n');
    expect(readJob(yaml).task.window).toEqual({ preset: 'yesterday' });
  });
});

describe('the compiler refuses', () => {
  it('what the language would refuse', () => {
    const wrong: readonly unknown[] = [
      // @ts-expect-error version 3 has no offset
      { ...orders, task: { name: 'x', window: { size: '1d', offset: '1d' } } } satisfies JobDefinition,
      // @ts-expect-error a week is no unit of version 2
      { ...orders, version: 2, task: { name: 'x', window: { size: '1w' } } } satisfies JobDefinition,
      // @ts-expect-error a date has three parts
      { ...orders, schedule: { startDate: '2024-01' } } satisfies JobDefinition,
      // @ts-expect-error cron has five fields
      { ...orders, schedule: { startDate: '2024-01-01', interval: '2 * *' } } satisfies JobDefinition,
      // @ts-expect-error there is no such key
      { ...orders, ownr: 'x' } satisfies JobDefinition,
      // @ts-expect-error an endpoint has a scheme
      { ...orders, dependencies: [{ http: { name: 'x', url: 'example.io' } }] } satisfies JobDefinition,
      // @ts-expect-error a pause has a unit
      { ...orders, behavior: { retry: { count: 1, delay: '5' } } } satisfies JobDefinition,
    ];
    expect(wrong).toHaveLength(7);
  });
});
