import { status } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import type { CliMod, DependencyResolverMod, Plugin } from './plugin.ts';
import { PluginError } from './plugin-error.ts';
import { startTestPlugin, type TestPlugin } from './testing/index.ts';

const base = {
  type: 'task',
  name: 'copy',
  description: 'Copies',
  version: '1.2.3',
  image: 'copy:1.2.3',
} as const;

const cli: CliMod = { getQuestions: () => [], defaultConfig: () => ({}) };

const dependencyResolver: DependencyResolverMod = {
  generateDestination: ({ config }) => ({ type: 'bigquery', name: config['TABLE'] ?? '' }),
  generateDependencies: ({ assets }) => Object.keys(assets).map((name) => `file://${name}`),
};

let running: TestPlugin | undefined;

async function start(plugin: Plugin): Promise<TestPlugin> {
  running = await startTestPlugin(plugin);
  return running;
}

afterEach(() => running?.stop());

test.each([
  ['nothing', {}, []],
  ['questions', { cli }, ['cli']],
  ['a resolver', { dependencyResolver }, ['dependencyresolver']],
  ['both', { cli, dependencyResolver }, ['cli', 'dependencyresolver']],
])('declares the mods that are there: %s', async (_, parts, mods) => {
  const plugin = await start({ ...base, ...parts });
  expect(await plugin.info()).toEqual({ name: 'copy', version: '1.2.3', image: 'copy:1.2.3', mods });
});

test('does not serve a mod that is not there', async () => {
  const plugin = await start(base);
  await expect(plugin.getQuestions('job')).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  await expect(plugin.generateDependencies({})).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
});

test('asks questions within questions', async () => {
  const question = {
    name: 'Method',
    prompt: 'How to load?',
    help: 'see the guide',
    default: 'APPEND',
    multiselect: ['APPEND', 'MERGE'],
    subQuestions: [{ ifValue: 'MERGE', questions: [{ name: 'Filter', prompt: 'By what?' }] }],
  };
  const plugin = await start({ ...base, cli: { ...cli, getQuestions: () => [question] } });
  const [asked] = await plugin.getQuestions('job');
  expect(asked).toMatchObject({ ...question, subQuestions: [{ ifValue: 'MERGE' }] });
  expect(asked?.subQuestions?.[0]?.questions[0]).toMatchObject({
    name: 'Filter',
    prompt: 'By what?',
    help: '',
  });
});

test('gives the handlers what the host sent', async () => {
  const seen: unknown[] = [];
  const plugin = await start({
    ...base,
    cli: {
      getQuestions: ({ jobName }) => [{ name: 'Q', prompt: jobName }],
      validateQuestion: ({ question, value }) => `${question.name} is not ${value}`,
      defaultConfig: ({ answers }) => ({ FROM: answers['Start'] ?? '' }),
      defaultAssets: ({ answers }) => ({ 'query.sql': `-- ${answers['Start']}` }),
      compileAssets(request) {
        seen.push(request);
        return { out: 'x' };
      },
    },
  });
  expect(await plugin.getQuestions('my-job')).toMatchObject([{ prompt: 'my-job' }]);
  expect(await plugin.validateQuestion('Start', 'x')).toBe('Start is not x');
  expect(await plugin.defaultConfig({ Start: '{{.DSTART}}' })).toEqual({ FROM: '{{.DSTART}}' });
  expect(await plugin.defaultAssets({ Start: 'a' })).toEqual({ 'query.sql': '-- a' });
  const request = {
    config: { A: '1' },
    assets: { 'query.sql': 'select 1' },
    window: { sizeSeconds: 86_400, offsetSeconds: -3600.5, truncateTo: 'd' },
    scheduledAt: new Date('2026-01-02T02:00:00Z'),
    startTime: new Date('2026-01-01T00:00:00Z'),
    endTime: new Date('2026-01-02T00:00:00Z'),
    instanceData: [
      { name: 'DSTART', value: '2026-01-01T00:00:00Z', type: 'env' },
      { name: 'notes', value: 'text', type: 'file' },
    ],
  } as const;
  expect(await plugin.compileAssets(request)).toEqual({ out: 'x' });
  expect(seen).toEqual([request]);
});

test('without handlers of its own accepts answers, brings no assets and leaves them as they are', async () => {
  const plugin = await start({ ...base, cli });
  expect(await plugin.validateQuestion('Start', '')).toBeUndefined();
  expect(await plugin.defaultAssets({})).toEqual({});
  expect(await plugin.compileAssets({ assets: { 'query.sql': 'select 1' } })).toEqual({
    'query.sql': 'select 1',
  });
});

test('tells what a job writes and reads', async () => {
  const plugin = await start({ ...base, dependencyResolver });
  expect(await plugin.generateDestination({ config: { TABLE: 'p:d.t' } })).toEqual({
    type: 'bigquery',
    name: 'p:d.t',
  });
  expect(await plugin.generateDependencies({ assets: { 'a.sql': '' } })).toEqual(['file://a.sql']);
});

test('carries messages of 20 MB both ways', async () => {
  const plugin = await start({ ...base, cli });
  const assets = { big: 'x'.repeat(20_000_000) };
  expect((await plugin.compileAssets({ assets }))['big']).toHaveLength(20_000_000);
});

test.each<[string, () => never | Promise<never>, number, string]>([
  [
    'throws',
    () => {
      throw new Error('no such table');
    },
    status.UNKNOWN,
    'no such table',
  ],
  ['rejects', () => Promise.reject(new Error('no such table')), status.UNKNOWN, 'no such table'],
  ['throws a text', () => Promise.reject('plain text'), status.UNKNOWN, 'plain text'],
  [
    'chooses a code',
    () => {
      throw new PluginError('bad date', { code: 'INVALID_ARGUMENT' });
    },
    status.INVALID_ARGUMENT,
    'bad date',
  ],
  [
    'passes on a status',
    () => Promise.reject(Object.assign(new Error('gone'), { code: 5 })),
    status.NOT_FOUND,
    'gone',
  ],
  [
    'passes on a system error',
    () => Promise.reject(Object.assign(new Error('no file'), { code: 'ENOENT' })),
    status.UNKNOWN,
    'no file',
  ],
])('the host sees the text of a handler that %s, and the plugin goes on', async (_, fail, code, details) => {
  const plugin = await start({ ...base, cli: { ...cli, getQuestions: fail } });
  await expect(plugin.getQuestions('job')).rejects.toMatchObject({ code, details });
  expect(await plugin.defaultConfig({})).toEqual({});
});

test('a handler logs with fields', async () => {
  const plugin = await start({
    ...base,
    cli: {
      ...cli,
      getQuestions({ jobName }, { log, dryRun }) {
        log.warn('asked', { jobName, dryRun });
        return [];
      },
    },
  });
  await plugin.getQuestions('job');
  expect(plugin.logLines.map((line) => JSON.parse(line))).toMatchObject([
    { '@level': 'warn', '@message': 'asked', '@module': 'copy', jobName: 'job', dryRun: false },
  ]);
});
