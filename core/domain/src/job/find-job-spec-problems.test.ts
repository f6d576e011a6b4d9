import { describe, expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import { computeDayWindow, makeJobSpec } from '../testing/job-fixtures.ts';
import { toBinaryAsset } from './binary-asset.ts';
import { findAssetNameProblem, findJobSpecProblems, MAX_ASSET_BYTES } from './find-job-spec-problems.ts';
import type { JobSpec } from './job-spec.ts';

const base = makeJobSpec();
const noRetry = base.behavior.retry;

function problemsOf(overrides: Partial<JobSpec>): string[] {
  const spec = makeJobSpec(overrides);
  return findJobSpecProblems(spec, computeDayWindow).map(({ path, message }) => `${path} ${message}`);
}

it('finds nothing wrong with a good specification', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ schedule: { startDate: '2022-09-18', interval: '' } })).toEqual([]);
});

describe.each<[string, Partial<JobSpec>, string]>([
  ['version', { version: 4 }, 'version is 4, must be 1, 2 or 3'],
  ['owner', { owner: 'ab' }, 'owner must have 3 to 1024 characters'],
  [
    'time zone',
    { schedule: { startDate: '2022-09-18', interval: '@daily', timezone: 'Asia/Jakarte' } },
    'schedule.timezone there is no time zone "Asia/Jakarte", did you mean "Asia/Jakarta"?',
  ],
  [
    'time zone that the interval contradicts',
    { schedule: { startDate: '2022-09-18', interval: 'TZ=Asia/Tokyo @daily', timezone: 'Asia/Jakarta' } },
    'schedule.timezone is Asia/Jakarta, and the interval says Asia/Tokyo; name one of them',
  ],
  [
    'start date',
    { schedule: { startDate: '2022-9-1', interval: '@daily' } },
    'schedule.start_date "2022-9-1" is not a date, write it as YYYY-MM-DD',
  ],
  [
    'day that no calendar has',
    { schedule: { startDate: '2022-02-30', interval: '@daily' } },
    'schedule.start_date "2022-02-30" is not a date, write it as YYYY-MM-DD',
  ],
  [
    'end date',
    { schedule: { startDate: '2022-09-18', endDate: '2022-09-17', interval: '@daily' } },
    'schedule.end_date 2022-09-17 lies before start_date 2022-09-18',
  ],
  [
    'cron that never fires',
    { schedule: { startDate: '2022-09-18', interval: '0 0 31 2 *' } },
    'schedule.interval "0 0 31 2 *" never fires: no month has that day',
  ],
  [
    'retry count',
    { behavior: { ...base.behavior, retry: { ...noRetry, count: 1.5 } } },
    'behavior.retry.count is 1.5',
  ],
  [
    'retry delay',
    { behavior: { ...base.behavior, retry: { ...noRetry, delayMs: -1 } } },
    'behavior.retry.delay must',
  ],
  [
    'limit of active runs',
    { behavior: { ...base.behavior, maxActiveRuns: 0 } },
    'behavior.max_active_runs is 0',
  ],
  [
    'two limits',
    { behavior: { ...base.behavior, maxActiveRuns: 2, overlap: 'skip' } },
    'behavior.overlap is skip: one run at a time',
  ],
  [
    'a wait for what is canceled',
    { behavior: { ...base.behavior, dependsOnPast: true, overlap: 'cancel' } },
    'behavior.overlap is cancel, and with depends_on_past',
  ],
  [
    'pause that no message could carry',
    { behavior: { ...base.behavior, retry: { ...noRetry, delayMs: 1e20 } } },
    'behavior.retry.delay is longer than 10 years',
  ],
  [
    'endless timeout',
    { behavior: { ...base.behavior, attemptTimeoutMs: Number.POSITIVE_INFINITY } },
    'behavior.attempt_timeout is longer than 10 years',
  ],
  [
    'threshold of a hook',
    {
      hooks: [
        { name: 'audit', config: [], alert: { slaMiss: [{ durationThreshold: `${'9'.repeat(14)}h` }] } },
      ],
    },
    'hooks.audit.alert.sla_miss.0.duration_threshold is longer than 10 years',
  ],
  ['description', { description: 'a\0b' }, 'description holds the character U+0000 or half a character'],
  ['label', { labels: { team: 'a\ud800' } }, 'labels.team holds the character U+0000'],
  ['name of a label', { labels: { 'a\0': 'b' } }, 'labels holds the character U+0000'],
  [
    'value',
    { task: { ...base.task, config: [{ name: 'A', value: '\0' }] } },
    `${base.task.name}.config.A holds the character U+0000`,
  ],
  [
    'channel',
    { behavior: { ...base.behavior, notify: [{ on: '', channels: ['\0'], config: {} }] } },
    'behavior.notify.0.channels.0 holds the character U+0000',
  ],
  ['asset text', { assets: { 'a.sql': 'a\0' } }, 'assets.a.sql holds the character U+0000'],
  ['timeout', { behavior: { ...base.behavior, runTimeoutMs: -1 } }, 'behavior.run_timeout must'],
  ['task name', { task: { ...base.task, name: '' } }, 'task.name is missing'],
  [
    'unnamed config',
    { task: { ...base.task, config: [{ name: '', value: '' }] } },
    'task.config has an entry',
  ],
  [
    'dependencies',
    { dependencies: [{ type: 'extra', name: 'other' }] },
    'dependencies "other" is not of the form project/job',
  ],
  [
    'asset part',
    { assets: { [`a/${'é'.repeat(128)}`]: '' } },
    `assets.a/${'é'.repeat(128)} has a part of more than 255 bytes`,
  ],
  ['asset path', { assets: { '../x': '' } }, 'assets.../x has an empty, "." or ".." part'],
  [
    'asset size',
    { assets: { 'a.sql': 'ä'.repeat(MAX_ASSET_BYTES / 2 + 1) } },
    'assets.a.sql is larger than 5 MiB',
  ],
  [
    'sum of assets',
    {
      assets: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((file) => [`${file}.txt`, 'ä'.repeat(2_500_000)])),
    },
    'assets are larger than 32 MiB together',
  ],
])('a wrong %s', (_what, overrides, message) => {
  it('is named by its path', () => {
    expect(problemsOf(overrides)).toEqual([expect.stringContaining(message)]);
  });
});

it('takes what is no text, and days at the end of the calendar', () => {
  const schedule = { startDate: '9999-12-31', endDate: '9999-12-31', interval: '@daily' };
  expect(problemsOf({ schedule, assets: { 'a.bin': toBinaryAsset(Buffer.from([0, 1])) } })).toEqual([]);
});

it('takes time in proportion to a specification: a hundred thousand entries are no hang', () => {
  const many = Array.from({ length: 100_000 }, (_, place) => `K${place}`);
  const config = [...many, 'K0'].map((name) => ({ name, value: '' }));
  const http = { url: 'http://a', headers: {}, params: {} };
  const dependencies = [...many, 'K1'].map(
    (name) => ({ type: 'http', name: '', http: { ...http, name } }) as const,
  );
  expect(problemsOf({ task: { ...base.task, config }, dependencies })).toEqual([
    'task.config.K0 is given twice',
    'dependencies.http.K1 has the name of another endpoint',
  ]);
});

it('tells every problem at once', () => {
  const config = ['A', 'A', 'B'].map((name) => ({ name, value: '' }));
  const problems = problemsOf({ version: 9, owner: '', task: { ...base.task, config } });
  expect(problems).toHaveLength(3);
  expect(problems.at(-1)).toBe('task.config.A is given twice');
});

it('passes on what the window and the cron parser say', () => {
  const problems = findJobSpecProblems(
    makeJobSpec({ schedule: { startDate: '2022-09-18', interval: '61 * * * *' } }),
    () => {
      throw new OptimusError('WINDOW_INVALID', { message: 'size "1x" is not a duration' });
    },
  );
  expect(problems).toEqual([
    { path: 'schedule.interval', message: expect.stringContaining('minute "61" is out of range') },
    { path: 'task.window', message: 'size "1x" is not a duration' },
  ]);
});

describe('asset names', () => {
  it.each(['query.sql', 'sub/query.sql', 'a..b', '.hidden'])('may be "%s"', (name) => {
    expect(findAssetNameProblem(name)).toBeUndefined();
  });

  it.each(['', '/etc/passwd', 'a//b', './a', 'a/..', 'a\\b', 'a\0b', '.env', '.secret', '__proto__'])(
    'may not be %j',
    (name) => {
      expect(findAssetNameProblem(name)).toBeDefined();
    },
  );
});
