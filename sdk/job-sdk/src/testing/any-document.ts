import * as fc from 'fast-check';
import { stringify } from 'yaml';

const names = fc.stringMatching(/^[a-z][a-z0-9_]{1,20}[a-z0-9]$/);
const texts = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((text) => text.isWellFormed() && !/\p{Cc}|\p{Cn}|\p{Co}|\ufeff/u.test(text));
const maps = fc.dictionary(names, names, { maxKeys: 3 });
const config = fc.dictionary(names, fc.oneof(texts, fc.integer(), fc.boolean()), { maxKeys: 4 });
const severities = fc.constantFrom('INFO', 'WARNING', 'CRITICAL');
const someOf = <T extends object>(model: { readonly [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.record<T, never>(model, { requiredKeys: [] });

const alerts = someOf({
  team: names,
  sla_miss: fc.array(
    someOf({
      duration_threshold: fc.constantFrom('1h', '1h30m'),
      auto_threshold: fc.boolean(),
      severity: severities,
      team: names,
    }),
    { maxLength: 2 },
  ),
  disable_anomaly_detection: fc.boolean(),
});
const operators = { version: names, config, alert: alerts };
const hooks = fc.uniqueArray(
  fc.record({ name: names, when: fc.constant('{{ .proj.A }}'), ...operators }, { requiredKeys: ['name'] }),
  { maxLength: 2, selector: ({ name }) => name },
);
const remote = fc.tuple(names, names).map(([project, job]) => `${project}/${job}`);
const dependencies = fc.array(
  fc.oneof(
    fc.record({ job: names, type: fc.constant('intra') }, { requiredKeys: ['job'] }),
    fc.record({ job: remote, type: fc.constantFrom('inter', 'extra') }, { requiredKeys: ['job'] }),
    fc.record({
      http: fc.record(
        { name: names, url: fc.webUrl(), headers: maps, params: maps },
        { requiredKeys: ['name', 'url'] },
      ),
    }),
  ),
  { maxLength: 3 },
);
const behavior = someOf({
  depends_on_past: fc.boolean(),
  catch_up: fc.boolean(),
  retry: someOf({
    count: fc.nat({ max: 9 }),
    delay: fc.constantFrom('0', '90s', '1.5h', '250ms'),
    exponential_backoff: fc.boolean(),
  }),
  notify: fc.array(
    fc.record(
      {
        on: fc.constant('failure'),
        channels: fc.array(texts, { maxLength: 2 }),
        config: maps,
        severity: severities,
      },
      { requiredKeys: ['on'] },
    ),
    { maxLength: 2 },
  ),
  webhook: fc.array(
    fc.record({
      on: fc.constantFrom('failure', 'sla_miss'),
      endpoints: fc.array(fc.record({ url: fc.webUrl(), headers: maps }, { requiredKeys: ['url'] }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
  max_active_runs: fc.integer({ min: 1, max: 9 }),
  attempt_timeout: fc.constantFrom('5m', '1h30m'),
  run_timeout: fc.constant('24h'),
});
const quantities = someOf({ cpu: fc.constantFrom('500m', '2'), memory: fc.constant('1Gi') });
const metadata = someOf({
  resource: someOf({ request: quantities, limit: quantities }),
  airflow: someOf({ pool: names, queue: names }),
  kubernetes: fc.record({ service_account: names }),
});
const schedule = {
  start_date: fc.constantFrom('2024-01-01', '1999-12-31'),
  end_date: fc.constant('2030-02-28'),
  timezone: fc.constantFrom('Asia/Jakarta', 'UTC'),
};
const intervals = ['0 2 * * *', '@daily', '@every 1h30m'] as const;
const classicSchedules = fc.record(
  { ...schedule, interval: fc.constantFrom('', ...intervals) },
  { requiredKeys: ['start_date'] },
);
/** A job without a window covers the time from tick to tick, which there are by an interval alone. */
const calendarSchedules = fc.record(
  { ...schedule, interval: fc.constantFrom(...intervals) },
  { requiredKeys: ['start_date', 'interval'] },
);
const classicWindows = someOf({
  size: fc.constantFrom('24h', '1M24h'),
  offset: fc.constantFrom('0', '-1h', '1M'),
  truncate_to: fc.constantFrom('h', 'd', ''),
});
const calendarWindows = fc.oneof(
  someOf({
    size: fc.constantFrom('1d', '2w', 'None'),
    shift_by: fc.constantFrom('-1d', '1w'),
    truncate_to: fc.constantFrom('d', 'M', 'None'),
    location: fc.constant('Asia/Jakarta'),
  }),
  fc.record({ preset: names }),
);
const common = {
  name: names,
  owner: names,
  description: texts,
  labels: maps,
  hooks,
  dependencies,
  behavior,
  metadata,
};
const requiredKeys = ['version', 'name', 'owner', 'schedule', 'task'] as const;

const toDocuments = (
  version: fc.Arbitrary<number>,
  { schedules, window }: { schedules: fc.Arbitrary<object>; window: fc.Arbitrary<object> },
) =>
  fc.record(
    {
      ...common,
      version,
      schedule: schedules,
      task: fc.record({ name: names, window, ...operators }, { requiredKeys: ['name'] }),
    },
    { requiredKeys: [...requiredKeys] },
  );

const styles = fc.record({
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  indent: fc.integer({ min: 2, max: 6 }),
  sortMapEntries: fc.boolean(),
});

/** Texts of `job.yaml` as people write them: in any style, in any order, and without what need not be said. */
export const yamlTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      toDocuments(fc.constantFrom(1, 2), { schedules: classicSchedules, window: classicWindows }),
      toDocuments(fc.constant(3), { schedules: calendarSchedules, window: calendarWindows }),
    ),
    styles,
  )
  .map(([document, style]) => stringify(document, { lineWidth: 0, ...style }));
