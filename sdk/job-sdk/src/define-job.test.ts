import { readFileSync } from 'node:fs';
import { formatJob } from '@optimus/spec';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CalendarJobDefinition,
  type ClassicJobDefinition,
  defineJob,
  type JobDefinition,
  readJob,
} from './index.ts';
import { toDefinition } from './to-definition.ts';
import { toSpec } from './to-spec.ts';

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

const texts = fc
  .string({ unit: 'binary', maxLength: 30 })
  .filter((text) => text.isWellFormed() && !/\p{Cc}|\p{Cn}|\p{Co}|\ufeff/u.test(text));
const names = fc.stringMatching(/^[a-z][a-z0-9_]{1,20}[a-z0-9]$/);
const labels = fc.dictionary(names, names, { maxKeys: 3 });
const config = fc.dictionary(names, texts, { maxKeys: 4 });
const days = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10) as `${number}-${number}-${number}`);
const intervals = fc.constantFrom('', '0 2 * * *', '@daily', '*/5 1-3 * * MON', undefined);
const operators = fc.record({ name: names, version: names, config }, { requiredKeys: ['name', 'config'] });
const hooks = fc.record(
  { name: names, version: names, config, when: fc.constantFrom('false', '{{ eq .proj.A "b" }}') },
  { requiredKeys: ['name', 'config'] },
);
const counts = fc.integer({ min: 1, max: 99 });
const retries = fc.record({
  count: counts,
  delay: fc.constantFrom('5m', '1h30m', '250ms'),
  exponentialBackoff: fc.boolean(),
} as const);
const notifications = fc.record(
  {
    on: fc.constantFrom('failure', 'success'),
    channels: fc.array(texts, { maxLength: 2 }),
    config,
    team: names,
    severity: fc.constantFrom('INFO', 'CRITICAL'),
  } as const,
  { requiredKeys: ['on', 'channels', 'config'] },
);
const common = {
  name: names,
  owner: names,
  description: texts.filter((text) => text !== ''),
  labels: labels.filter((map) => Object.keys(map).length > 0),
  schedule: fc.record(
    {
      startDate: days,
      interval: intervals.map((text) => text ?? ''),
      timezone: fc.constantFrom('Asia/Jakarta', 'UTC'),
    } as const,
    { requiredKeys: ['startDate', 'interval'] },
  ),
  behavior: fc
    .record(
      {
        dependsOnPast: fc.boolean(),
        catchUp: fc.boolean(),
        retry: retries,
        notify: fc.array(notifications, { minLength: 1, maxLength: 2 }),
        maxActiveRuns: fc.integer({ min: 1, max: 9 }),
        overlap: fc.constantFrom('wait' as const, 'skip' as const, 'cancel' as const),
        attemptTimeout: fc.constantFrom('5m' as const, '1h30m' as const),
        runTimeout: fc.constant('24h' as const),
      },
      { requiredKeys: ['dependsOnPast', 'catchUp'] },
    )
    .filter(
      ({ overlap, maxActiveRuns = 1, dependsOnPast }) =>
        overlap === undefined || (maxActiveRuns === 1 && !(overlap === 'cancel' && dependsOnPast)),
    ),
  hooks: fc.uniqueArray(hooks, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  dependencies: fc.array(
    fc.oneof(
      fc.record({ job: names }),
      fc.record({ job: names, type: fc.constantFrom('inter' as const, 'extra' as const) }),
      fc.record({
        http: fc.record({
          name: names,
          url: fc.constant('https://example.io/x' as const),
          headers: labels,
          params: labels,
        }),
      }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  metadata: fc.record({
    airflow: fc.record({ pool: names, queue: names }),
    kubernetes: fc.record({ serviceAccount: names }),
  }),
};
const requiredKeys = ['version', 'name', 'owner', 'schedule', 'behavior', 'task'] as const;
const classic: fc.Arbitrary<ClassicJobDefinition> = fc.record(
  {
    ...common,
    version: fc.constantFrom(1 as const, 2 as const),
    task: fc.tuple(operators, counts).map(([task, count]) => ({
      ...task,
      window: { size: `${count}h`, offset: `${-count}h`, truncateTo: 'd' } as const,
    })),
  },
  { requiredKeys: [...requiredKeys] },
);
const calendar: fc.Arbitrary<CalendarJobDefinition> = fc.record(
  {
    ...common,
    version: fc.constant(3 as const),
    task: fc.tuple(operators, counts, fc.boolean()).map(([task, count, isMoved]) => ({
      ...task,
      window: {
        size: `${count}w`,
        ...(isMoved ? { shiftBy: `${-count}d`, location: 'Asia/Jakarta' } : {}),
      } as const,
    })),
  },
  { requiredKeys: [...requiredKeys] },
);
const definitions: fc.Arbitrary<JobDefinition> = fc.oneof(classic, calendar);

describe('any job', () => {
  it('is the same after being compiled and read, as definition, specification and text', () => {
    fc.assert(
      fc.property(definitions, ({ dependencies: _left, ...definition }) => {
        const { yaml } = defineJob(definition);
        expect(readJob(yaml)).toEqual(definition);
        expect(defineJob(readJob(yaml)).yaml).toBe(yaml);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('keeps what it depends on', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(toDefinition(toSpec(definition))).toEqual(definition);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('of the released fixtures becomes a definition and comes back', () => {
    for (const name of ['version-2', 'version-3-preset']) {
      const text = readFileSync(
        new URL(`../../../core/spec/src/fixtures/${name}.yaml`, import.meta.url),
        'utf8',
      );
      const definition = readJob(text);
      expect(formatJob(toSpec(readJob(defineJob(definition).yaml)))).toBe(defineJob(definition).yaml);
    }
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
