import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CompileAssetsRequest, PluginQuestion } from '@optimus/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PluginFolder, patience, toFileName } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const question: PluginQuestion = {
  name: 'Q',
  prompt: '',
  help: '',
  default: '',
  choices: [],
  subQuestions: [],
};

const compileRequest: CompileAssetsRequest = {
  config: [{ name: 'A', value: '1' }],
  assets: [{ name: 'query.sql', value: 'select 1' }],
  window: { size: '24h', offset: '-1h', truncateTo: 'd' },
  interval: { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-01-02T00:00:00Z') },
  scheduledAt: new Date('2026-01-02T02:00:00Z'),
};

const resolveRequest = {
  config: [{ name: 'TABLE', value: 'p:d.t' }],
  assets: [{ name: 'a.sql', value: '' }],
  project: { name: 'space', config: {} },
};

test('knows a task plugin by what it says of itself', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  expect(await folder.createHost().find('task', 'sample')).toEqual({
    name: 'sample',
    kind: 'task',
    description: 'A sample',
    version: '1.2.3',
    mods: ['cli', 'dependencyresolver'],
    image: 'sample:1.2.3',
    hookType: undefined,
    dependsOn: [],
    secretPath: '/tmp/key',
  });
});

test('knows a hook with its type and what it depends on', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs', 'sample', 'hook');
  const host = folder.createHost();
  expect(await host.find('hook', 'sample')).toMatchObject({
    kind: 'hook',
    hookType: 'post',
    dependsOn: ['other'],
  });
  expect(await host.find('task', 'sample')).toBeUndefined();
});

test('makes every call of the two mods', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  expect(await host.getQuestions('task', 'sample', 'job')).toMatchObject([{ name: 'Q', choices: [] }]);
  expect(await host.findAnswerProblem('task', 'sample', { question, value: '' })).toBe('not a valid string');
  expect(await host.findAnswerProblem('task', 'sample', { question, value: 'x' })).toBeUndefined();
  expect(await host.getDefaultConfig('task', 'sample', [{ question, value: 'x' }])).toEqual([
    { name: 'Q', value: 'x' },
    { name: 'ZULU', value: '1' },
    { name: 'ALPHA', value: '2' },
  ]);
  expect(await host.getDefaultAssets('task', 'sample', [])).toEqual([
    { name: 'query.sql', value: 'select 1' },
  ]);
  expect(await host.findDestination('task', 'sample', resolveRequest)).toBe('bigquery://p:d.t');
  expect(await host.findDestination('task', 'sample', { ...resolveRequest, config: [] })).toBeUndefined();
  expect(await host.listDependencies('task', 'sample', resolveRequest)).toEqual(['space://a.sql']);
});

test('tells a compiling plugin the window, the interval, the schedule and the instance', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const [asset] = await folder.createHost().compileAssets('task', 'sample', compileRequest);
  expect(JSON.parse(asset?.value ?? '')).toEqual({
    config: { A: '1' },
    assets: { 'query.sql': 'select 1' },
    window: { sizeSeconds: 86_400, offsetSeconds: -3600, truncateTo: 'd' },
    instanceData: [
      { name: 'DSTART', value: '2026-01-01T00:00:00Z', type: 'env' },
      { name: 'DEND', value: '2026-01-02T00:00:00Z', type: 'env' },
    ],
    scheduledAt: '2026-01-02T02:00:00.000Z',
    startTime: '2026-01-01T00:00:00.000Z',
    endTime: '2026-01-02T00:00:00.000Z',
  });
});

test('asks nothing of a plugin without the mod', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs');
  const host = folder.createHost();
  expect(await host.getQuestions('task', 'bare', 'job')).toEqual([]);
  expect(await host.getDefaultConfig('task', 'bare', [])).toEqual([]);
  expect(await host.findAnswerProblem('task', 'bare', { question, value: '' })).toBeUndefined();
  expect(await host.compileAssets('task', 'bare', compileRequest)).toBe(compileRequest.assets);
  expect(await host.findDestination('task', 'bare', resolveRequest)).toBeUndefined();
  expect(await host.listDependencies('task', 'bare', resolveRequest)).toEqual([]);
});

test('says where to put a plugin that is not there', async () => {
  await expect(folder.createHost().getQuestions('task', 'neo', 'job')).rejects.toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    message: 'no task plugin is called "neo"',
    hint: expect.stringContaining(toFileName('neo')),
  });
});

test.each([
  ['the names of 2021', ['of-2021', 'cli', 'serve-cli']],
  ['today’s names', ['cli', 'serve-cli']],
  ['a port instead of a socket', ['tcp', 'cli', 'serve-cli']],
  ['no health service', ['no-health', 'cli', 'serve-cli']],
])('works with a plugin without reflection that has %s', async (_, modes) => {
  folder.addFixture('bare', 'bare-plugin.mjs', ...modes);
  const host = folder.createHost({ env: { ...process.env, http_proxy: 'http://127.0.0.1:1' } });
  // The fixture dies, as Go plugins do, when a message is absent within a request.
  expect(await host.getQuestions('task', 'bare', 'job')).toMatchObject([{ prompt: 'false' }]);
  expect(await host.findAnswerProblem('task', 'bare', { question, value: '' })).toBe('Q false');
});

test('a bad plugin does not keep the others from working', async () => {
  folder.addScript('bad', 'echo hello');
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  await host.start(new AbortController().signal);
  expect(await host.list()).toMatchObject([
    { state: 'failed', reason: expect.stringContaining('its first output was "hello"') },
    { state: 'ready', info: { name: 'sample' } },
  ]);
  expect(folder.log.entries).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'a plugin cannot be used' }),
  );
});

test('a server does not wait for a plugin that is slow to start', async () => {
  folder.addScript('slow', 'exec sleep 600');
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ startWaitMs: 50 });
  await host.start(new AbortController().signal);
  expect(await host.find('task', 'sample')).toMatchObject({ name: 'sample' });
});

test('warns once of each service that an old plugin lacks', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'no-health');
  const host = folder.createHost();
  await host.find('task', 'bare');
  await host.find('task', 'bare');
  await vi.waitFor(() => {
    const warnings = folder.log.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings.sort()).toEqual([
      'does not tell its health',
      'its library is very old: it may stop answering once it has printed 64 KiB',
    ]);
  }, patience);
});

test('goes by the name a plugin gives itself, not by its file', async () => {
  folder.addFixture('first', 'sdk-plugin.mjs', 'second');
  folder.addFixture('second', 'sdk-plugin.mjs', 'third');
  const host = folder.createHost();
  expect((await host.find('task', 'second'))?.image).toBe('second:1.2.3');
  expect(await host.find('task', 'first')).toBeUndefined();
});

test('of two plugins with one name uses the first and warns', async () => {
  folder.addFixture('one', 'sdk-plugin.mjs', 'same');
  folder.addFixture('two', 'sdk-plugin.mjs', 'same');
  await folder.createHost().start(new AbortController().signal);
  expect(folder.log.entries).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'several plugins call themselves task same' }),
  );
});

test('starts nothing until a plugin is needed, and then only that one', async () => {
  const canary = path.join(folder.path, 'canary');
  folder.addScript('other', `touch '${canary}'`);
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  await host.getQuestions('task', 'sample', 'job');
  expect(readdirSync(folder.path)).not.toContain('canary');
});

test('tells of plugins in the current directory', async () => {
  const file = folder.addScript('sample', 'exit 1');
  await folder.createHost({ dirs: [], cwd: folder.path }).list();
  expect(folder.log.entries[0]).toMatchObject({
    message: 'plugin found in the current directory',
    fields: { plugin: 'sample', path: file },
  });
});

test('shares one process among calls made at once', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  const calls = Array.from({ length: 100 }, () => host.getQuestions('task', 'sample', 'job'));
  const pids = (await Promise.all(calls)).map(([asked]) => asked?.prompt);
  expect(new Set(pids).size).toBe(1);
});

test('gives a plugin its own folder and none of the server’s secrets', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const env = {
    ...process.env,
    PLUGIN_CLIENT_CERT: 'garbage',
    OPTIMUS_SERVE_APP_KEY: 'secret',
    TMPDIR: `/tmp/${'x'.repeat(120)}`,
  };
  const [asked] = await folder.createHost({ env }).getQuestions('task', 'sample', 'env');
  const seen: Record<string, string> = JSON.parse(asked?.prompt ?? '{}');
  expect(seen).not.toHaveProperty('PLUGIN_CLIENT_CERT');
  expect(seen).not.toHaveProperty('OPTIMUS_SERVE_APP_KEY');
  expect(seen['TMPDIR']).toMatch(/\/optimus-plugins-\d+-\d+-\w+\/1$/);
  expect(seen['PLUGIN_UNIX_SOCKET_DIR']).toBe(seen['TMPDIR']);
});

test('forwards log lines with their level and fields', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  await folder.createHost().getQuestions('task', 'sample', 'log');
  await vi.waitFor(() => {
    const seen = folder.log.entries.map(({ level, message }) => `${level}: ${message}`);
    expect(seen).toEqual(
      expect.arrayContaining([
        'debug: at trace',
        'debug: at debug',
        'info: at info',
        'warn: at warn',
        'error: at error',
        'debug: plain text',
        'warn: [WARN] with a prefix',
      ]),
    );
  }, patience);
  const info = folder.log.entries.find(({ message }) => message === 'at info');
  expect(info?.fields).toMatchObject({ plugin: 'sample', module: 'sample', job: 'a' });
});

test('reads all that a plugin prints, in order', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  await folder.createHost().getQuestions('task', 'sample', 'flood');
  const printed = () => folder.log.entries.filter(({ fields }) => fields['stream'] === 'stdout');
  await vi.waitFor(() => expect(printed()).toHaveLength(3000), patience);
  expect(printed().map(({ message }) => Number(message.split(' ')[0]))).toEqual(
    Array.from({ length: 3000 }, (_, line) => line),
  );
});

test('passes over a mod it does not know, with a warning', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'unknown-mod');
  expect(await folder.createHost().find('task', 'bare')).toMatchObject({ mods: ['cli'] });
  expect(folder.log.entries).toContainEqual(
    expect.objectContaining({ level: 'warn', fields: { plugin: 'bare', mod: 9 } }),
  );
});

test('stops twice, unstarted, and leaves no file', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const unstarted = folder.createHost();
  await unstarted.stop();
  const host = folder.createHost();
  await host.find('task', 'sample');
  await host.stop();
  await host.stop();
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`optimus-plugins-${process.pid}-`));
  expect(left).toEqual([]);
  await expect(host.getQuestions('task', 'sample', 'job')).rejects.toMatchObject({ code: 'SERVER_STOPPING' });
});

test.each([
  ['does not answer to any request to end', ['stubborn']],
  ['hears the request to end, and answers never', ['stubborn', 'deaf']],
])('ends a plugin that %s', async (_, modes) => {
  folder.addFixture('bare', 'bare-plugin.mjs', ...modes);
  const host = folder.createHost();
  await host.find('task', 'bare');
  await host.stop();
  expect(folder.log.entries).toContainEqual(expect.objectContaining({ message: 'had to be killed' }));
});

test('an aborted start stops what it began', async () => {
  const note = path.join(folder.path, 'pid');
  folder.addScript('slow', `echo $$ > '${note}'; exec sleep 600`);
  const abort = new AbortController();
  const started = folder.createHost().start(abort.signal);
  const pid = await vi.waitFor(() => {
    const text = readFileSync(note, 'utf8');
    expect(text).toMatch(/^\d+\n$/);
    return Number(text);
  }, patience);
  abort.abort(new DOMException('too slow', 'TimeoutError'));
  await expect(started).rejects.toThrow('too slow');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
