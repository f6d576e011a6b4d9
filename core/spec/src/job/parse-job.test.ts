import { describe, expect, it } from 'vitest';
import { FIXTURES, parseText, readFixture } from '../testing/read-fixture.ts';
import { formatProblem } from '../yaml/file-problem.ts';
import { formatJob } from './job-document.ts';

const GOOD = readFixture('version-2');
const V3 = readFixture('version-3');

/** Eleven lines that say what a job must. */
const MINIMAL = `version: 2
name: abc
owner: ada@example.com
schedule:
  start_date: 2022-09-18
  interval: "@daily"
task:
  name: neo
  window:
    size: 24h
    truncate_to: d
`;

function problemsOf(text: string, assets: Readonly<Record<string, string>> = {}): readonly string[] {
  return parseText(text, assets).problems.map(formatProblem);
}

describe('released forms', () => {
  it.each(FIXTURES)('of %s load without a problem', (name) => {
    const { spec, problems } = parseText(readFixture(name));
    expect(problems).toEqual([]);
    expect(spec?.name).toBeDefined();
  });

  it.each(FIXTURES)('of %s are the same after being written and read', (name) => {
    const { spec } = parseText(readFixture(name));
    expect(spec).toBeDefined();
    expect(spec && parseText(formatJob(spec)).spec).toEqual(spec);
  });

  it('of version 1 keep the spelling of values and the order of configuration', () => {
    const { spec } = parseText(readFixture('version-1'));
    expect(spec?.task.config.slice(-3)).toEqual([
      { name: 'PARALLEL', value: '5' },
      { name: 'DRY_RUN', value: 'true' },
      { name: 'OCTAL', value: '010' },
    ]);
    expect(spec?.dependencies.map(({ type }) => type)).toEqual(['intra', 'inter', 'http', 'extra']);
    expect(spec?.behavior.retry).toEqual({ count: 3, delayMs: 300_000, exponentialBackoff: true });
    expect(spec?.metadata.resource?.limit).toEqual({ cpu: '2', memory: '1Gi' });
  });

  it('take limits of runs, of which none is no limit', () => {
    const text = readFixture('version-2').replace(
      'catch_up: false }',
      'catch_up: false, max_active_runs: 1, overlap: skip, attempt_timeout: 1h, run_timeout: 0s }',
    );
    const behavior = parseText(text).spec?.behavior;
    expect(behavior).toMatchObject({ maxActiveRuns: 1, overlap: 'skip', attemptTimeoutMs: 3_600_000 });
    expect(behavior).not.toHaveProperty('runTimeoutMs');
  });

  it('of version 3 keep what came with it', () => {
    const { spec } = parseText(V3);
    expect(spec?.task).toMatchObject({
      version: '1.2',
      window: { size: '1w', shiftBy: '-1d', truncateTo: 'd', location: 'Asia/Jakarta' },
      alert: {
        team: 'regions',
        slaMiss: [
          { durationThreshold: '1h30m', severity: 'CRITICAL' },
          { autoThreshold: true, team: 'others' },
        ],
        disableAnomalyDetection: false,
      },
    });
    expect(spec?.behavior.webhooks?.[0]?.endpoints[0]?.url).toBe('https://example.io/failed');
    expect(spec?.metadata.kubernetes).toEqual({ serviceAccount: 'runner' });
  });

  it('say which of it is not acted on', () => {
    expect(parseText(V3).warnings.map(formatProblem)).toContain(
      'j/job.yaml:26:12 task.version is not acted on by this version',
    );
  });
});

describe('windows', () => {
  it('that a version 3 job does not have stay away', () => {
    const text = V3.replace(/ {2}window:\n( {4}.*\n){4}/, '');
    expect(parseText(text).spec?.task.window).toEqual({ size: '', offset: '', truncateTo: '' });
  });

  it('that a classic job does not have are the day before', () => {
    const text = GOOD.replace(/ {2}window: .*\n/, '');
    expect(parseText(text).spec?.task.window).toEqual({ size: '24h', offset: '0', truncateTo: 'd' });
  });

  it('are named by a preset in any spelling', () => {
    expect(parseText(readFixture('version-3-preset')).spec?.task.window.preset).toBe('yesterday');
  });

  it.each([
    ['size: 1M24h', 'size: 2d', 'j/job.yaml:9:19 task.window: window size "2d"'],
    ['offset: -1M', 'offset: 60', 'j/job.yaml:9:34 task.window: window offset "60"'],
    ['truncate_to: M', 'truncate_to: D', 'j/job.yaml:9:52 task.window: window truncate_to "D"'],
  ])('are refused at the part that is wrong: %s → %s', (from, to, problem) => {
    expect(problemsOf(GOOD.replace(from, to))).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['size: 1w', 'size: 1x', '30:11'],
    ['location: Asia/Jakarta', 'location: Asia/Jakart', '33:15'],
    ['size: 1w', 'preset: yesterdy', '30:13'],
  ])('of version 3 are refused at the part that is wrong: %s → %s', (from, to, place) => {
    expect(problemsOf(V3.replace(from, to))).toEqual([
      expect.stringMatching(`^j/job\\.yaml:${place} task\\.window: `),
    ]);
  });
});

describe('numbers, spans and texts that no message could carry', () => {
  it.each([
    ['behavior: { retry: { count: 99999999999 } }', '12:29 behavior.retry.count is "99999999999", must be'],
    ['behavior: { retry: { delay: 99999999999999h } }', '12:29 behavior.retry.delay is longer than 10 years'],
    ['description: "a\\0b"', '12:14 description holds the character U+0000'],
  ])('are told with their place: %s', (line, problem) => {
    expect(problemsOf(`${MINIMAL}${line}\n`)).toEqual([expect.stringContaining(`j/job.yaml:${problem}`)]);
  });
});

describe('dependencies', () => {
  it.each([
    ['{ job: abc, http: { name: n, url: "http://a" } }', 'names a job and an http endpoint'],
    ['{ job: abc, type: http }', 'is of type http and names no http endpoint'],
    ['{ type: intra }', 'names neither a job nor an http endpoint'],
  ])('are one thing each: %s is refused', (entry, problem) => {
    expect(problemsOf(`${MINIMAL}dependencies: [${entry}]\n`)).toEqual([
      `j/job.yaml:12:16 dependencies.0 ${problem}${problem.startsWith('names a') ? ', make two dependencies of them' : ''}`,
    ]);
  });
});

describe('one pass', () => {
  it('tells what is misspelt, of a wrong type and against the rules together', () => {
    const text = `verison: 2
name: -x
owner: [me]
schedule: { start_date: 2022-02-30, interval: 61 * * * *, end: 2022-01-01 }
behavior:
  retry: { count: many, delay: 5 min }
  notify: [{ on: failrue }]
task:
  name: neo
  window: { size: 1x }
hooks: [{ name: h }, { nmae: i }, { name: h }]
dependencies: [{ type: intra }, { http: { name: n, url: "no url" } }]
metadata: { resource: { limit: { memory: much } } }
`;
    const problems = problemsOf(text);
    expect(problems.map((problem) => /^j\/job\.yaml:(\d+:\d+ \S+ \S+)/.exec(problem)?.[1])).toEqual([
      '1:1 unknown key',
      '1:1 version is',
      '2:7 name is',
      '3:8 owner is',
      '4:25 schedule.start_date is',
      '4:47 schedule.interval is',
      '4:59 unknown key',
      '6:19 behavior.retry.count is',
      '6:32 behavior.retry.delay is',
      '7:18 behavior.notify.0.on is',
      '11:22 hooks.1.name is',
      '11:24 unknown key',
      '12:16 dependencies.0 names',
      '12:57 dependencies.1.http.url is',
      '13:42 metadata.resource.limit.memory is',
    ]);
    expect(problems).toContain('j/job.yaml:7:18 behavior.notify.0.on is "failrue", did you mean "failure"?');
  });

  it('goes on to the rules when only a key is misspelt', () => {
    const text = GOOD.replace('size: 1M24h', 'size: 2d').replace('labels:', 'lables:');
    expect(problemsOf(text)).toEqual([
      expect.stringContaining('9:19 task.window'),
      expect.stringContaining('10:1 unknown key "lables", did you mean "labels"?'),
    ]);
  });

  it('does not blame a window for the version or interval that it needs', () => {
    expect(problemsOf(V3.replace('version: 3', 'version: 4').replace('0 2 * * 1', 'never'))).toEqual([
      'j/job.yaml:1:10 version is "4", must be a whole number from 1 to 3',
      expect.stringContaining('j/job.yaml:6:13 schedule.interval is refused'),
    ]);
  });

  it.each(['', '\n\n', '# nothing but a comment\n', '\ufeff'])('gives an empty file one line: %j', (text) => {
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^j\/job\.yaml:1:1 is empty; a job has at least/),
    ]);
  });

  it.each(['- a', 'text', '5', '[]'])('gives a file that is no map one line: %s', (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^j\/job\.yaml:1:1 is .*, must be a map$/)]);
  });

  it('names a hook that is listed twice, and a date that ends before it begins', () => {
    const twice = GOOD.replace('hooks: []', 'hooks: [{ name: a }, { name: a }]');
    const text = twice.replace('interval:', 'end_date: 2021-01-01, interval:');
    expect(problemsOf(text)).toEqual([
      expect.stringContaining('4:47 schedule.end_date 2021-01-01 lies before'),
      expect.stringContaining('12:30 hooks.1.name "a" is listed twice'),
    ]);
  });

  it('names a lateness that is no duration', () => {
    const text = GOOD.replace('catch_up: false', 'notify: [{ on: sla_miss, config: { duration: soon } }]');
    expect(problemsOf(text)).toEqual([
      'j/job.yaml:5:82 behavior.notify.0.config.duration is "soon", must be a duration such as 2h',
    ]);
  });

  it('names an asset by its own file', () => {
    expect(problemsOf(GOOD, { '../x': '' })).toEqual([
      expect.stringMatching(/^j\/assets\/\.\.\/x:1:1 has an/),
    ]);
  });
});

describe('labels', () => {
  it('of one character are good', () => {
    expect(problemsOf(V3.replace('metadata:', 'labels: { a: b }\nmetadata:'))).toEqual([]);
  });

  it('of version 3 have a form and a number, those of older versions any', () => {
    const labels = 'labels: { Team: -x }';
    expect(problemsOf(`${V3}${labels}\n`)).toEqual([
      expect.stringContaining(':11 the label "Team" must have'),
      expect.stringContaining(':17 labels.Team is "-x", must have'),
    ]);
    expect(problemsOf(GOOD.replace('labels: {}', labels))).toEqual([]);
    const many = Array.from({ length: 33 }, (_, index) => `l${index}: x`).join(', ');
    expect(problemsOf(`${V3}labels: { ${many} }\n`)).toEqual([
      expect.stringContaining('labels has 33 entries'),
    ]);
  });
});
