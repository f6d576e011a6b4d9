import * as fc from 'fast-check';
import type { CalendarJobDefinition, ClassicJobDefinition, JobDefinition } from '../job-definition.ts';

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
const remote = fc.tuple(names, names).map(([project, job]) => `${project}/${job}`);
const dependencies = fc.oneof(
  fc.record({ job: names }),
  fc.record({ job: remote }),
  fc.record({ job: remote, type: fc.constant('extra' as const) }),
  fc.record({
    http: fc.record({
      name: names,
      url: fc.constant('https://example.io/x' as const),
      headers: labels,
      params: labels,
    }),
  }),
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
  dependencies: fc.array(dependencies, { minLength: 1, maxLength: 3 }),
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
/** Definitions that say what they say in the shortest way. */
export const definitions: fc.Arbitrary<JobDefinition> = fc.oneof(classic, calendar);
