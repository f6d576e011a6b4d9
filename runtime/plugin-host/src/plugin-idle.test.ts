import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PluginHost } from './plugin-host.ts';
import { isGone } from './testing/is-gone.ts';
import { compileCache, PluginFolder, patience, toFileName } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const restMessage = 'not used for a while; it is stopped until the next call';
const soon = { idleTimeoutMs: 50 };

const askPid = async (host: PluginHost, jobName = 'job') => {
  const [asked] = await host.getQuestions('task', 'sample', jobName);
  return Number(asked?.prompt);
};
const countRests = () => folder.log.entries.filter(({ message }) => message === restMessage).length;
const awaitRest = (count = 1) => vi.waitFor(() => expect(countRests()).toBe(count), patience);
const warnings = () => folder.log.entries.filter(({ level }) => level === 'warn' || level === 'error');
const listProcessNotes = () =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(`optimus-plugins-${process.pid}-`))
    .flatMap((name) => readdirSync(path.join(tmpdir(), name)));

test('a program that serves no call is stopped, is still known, and serves the next call', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost(soon);
  const before = await askPid(host);
  await vi.waitFor(() => expect(isGone(before)).toBe(true), patience);
  expect(await host.list()).toMatchObject([{ state: 'ready', info: { name: 'sample' } }]);
  expect(await host.find('task', 'sample')).toMatchObject({ image: 'sample:1.2.3' });
  await vi.waitFor(() => expect(listProcessNotes()).toEqual([]), patience);
  const after = await askPid(host);
  expect(after).not.toBe(before);
  expect(warnings()).toEqual([]);
});

test('200 calls at once after a rest share one new process', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost(soon);
  const before = await askPid(host);
  await awaitRest();
  const pids = new Set(await Promise.all(Array.from({ length: 200 }, () => askPid(host))));
  expect(pids.size).toBe(1);
  expect(pids).not.toContain(before);
});

test('a call at the very moment of the stop is served, time and again', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ idleTimeoutMs: 1 });
  const calls: Promise<number>[] = [];
  const { debug } = folder.log;
  vi.spyOn(Object.getPrototypeOf(folder.log), 'debug').mockImplementation((message: unknown) => {
    if (message === restMessage && calls.length < 6) calls.push(askPid(host), askPid(host));
    Reflect.apply(debug, folder.log, [message]);
  });
  await askPid(host);
  await vi.waitFor(() => expect(calls).toHaveLength(6), patience);
  const pids = await Promise.all(calls);
  vi.restoreAllMocks();
  expect(new Set(pids).size).toBe(3);
  expect(warnings()).toEqual([]);
});

test('a long call keeps its process', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost(soon);
  expect(await host.getQuestions('task', 'sample', 'slow')).toMatchObject([{ prompt: 'late' }]);
  expect(countRests()).toBe(0);
});

test('a program killed while it starts again is started once more', async () => {
  const program = fileURLToPath(new URL('./fixtures/sdk-plugin.mjs', import.meta.url));
  const trap = path.join(folder.path, 'trap');
  folder.addScript(
    'sample',
    `if [ -e '${trap}' ]; then rm '${trap}'; kill -9 $$; fi\nexport NODE_COMPILE_CACHE='${compileCache}'\nexec '${process.execPath}' --conditions=source '${program}'`,
  );
  const host = folder.createHost(soon);
  await askPid(host);
  await awaitRest();
  writeFileSync(trap, '');
  expect(await askPid(host)).toBeGreaterThan(0);
  expect(existsSync(trap)).toBe(false);
  expect(warnings().map(({ message }) => message)).toEqual([
    'was killed while it started; it is started again',
  ]);
});

test('a rest is no crash: after any number of them a start comes at once', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ idleTimeoutMs: 1 });
  for (let count = 1; count <= 6; count += 1) {
    await askPid(host);
    await awaitRest(count);
  }
  expect(await askPid(host)).toBeGreaterThan(0);
});

test('a host that stops waits for the processes it has sent to rest', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'stubborn', 'cli', 'serve-cli');
  const host = folder.createHost({ idleTimeoutMs: 1 });
  await host.getQuestions('task', 'bare', 'job');
  await awaitRest();
  await host.stop();
  expect(listProcessNotes()).toEqual([]);
  expect(folder.log.entries).toContainEqual(expect.objectContaining({ message: 'had to be killed' }));
});

/** A program that claims to be its file alone, and notes its starts. */
function addBundle(name: string): string {
  const program = fileURLToPath(new URL('./fixtures/sdk-plugin.mjs', import.meta.url));
  return folder.addScript(
    'sample',
    [
      '# optimus: self-contained',
      `echo x >> '${folder.path}/starts'`,
      `export NODE_COMPILE_CACHE='${compileCache}'`,
      `exec '${process.execPath}' --conditions=source '${program}' ${name}`,
    ].join('\n'),
  );
}

const countStarts = () => readFileSync(path.join(folder.path, 'starts'), 'utf8').length / 2;

async function learn(answersDir: string): Promise<void> {
  await vi.waitFor(async () => {
    const host = folder.createHost({ answersDir });
    await host.find('task', 'sample');
    await host.stop();
    expect(readdirSync(answersDir)).toHaveLength(1);
  }, patience);
}

test('a host knows a program that an earlier one has asked, without a process', async () => {
  addBundle('sample');
  const answersDir = path.join(folder.path, 'answers');
  await learn(answersDir);
  const starts = countStarts();
  const host = folder.createHost({ answersDir });
  await host.start(new AbortController().signal);
  expect(await host.find('task', 'sample')).toMatchObject({ image: 'sample:1.2.3', secretPath: '/tmp/key' });
  expect(folder.log.entries).toContainEqual(expect.objectContaining({ message: 'plugin ready' }));
  expect(countStarts()).toBe(starts);
  await askPid(host);
  expect(countStarts()).toBe(starts + 1);
});

test('a program that has changed since is asked again', async () => {
  addBundle('sample');
  const answersDir = path.join(folder.path, 'answers');
  await learn(answersDir);
  addBundle('sampl2');
  const host = folder.createHost({ answersDir });
  expect(await host.list()).toMatchObject([{ state: 'ready', info: { image: 'sampl2:1.2.3' } }]);
});

test('a program that is known is still vetted', async () => {
  addBundle('sample');
  const answersDir = path.join(folder.path, 'answers');
  await learn(answersDir);
  const checksums = { [toFileName('sample')]: '0'.repeat(64) };
  const host = folder.createHost({ answersDir, checksums });
  expect(await host.list()).toMatchObject([
    { state: 'failed', reason: expect.stringContaining('does not match its recorded SHA-256') },
  ]);
});

test('a program that says something else than is known is believed from its next start on', async () => {
  const word = path.join(folder.path, 'word');
  writeFileSync(word, 'task');
  addBundle(`sample "$(cat '${word}')"`);
  const answersDir = path.join(folder.path, 'answers');
  await learn(answersDir);
  writeFileSync(word, 'hook');
  const host = folder.createHost({ answersDir });
  expect(await host.find('task', 'sample')).toBeDefined();
  await host.getQuestions('task', 'sample', 'job');
  expect(await host.find('hook', 'sample')).toBeDefined();
  expect(warnings().map(({ message }) => message)).toEqual(['says something else of itself than before']);
});

test('a program that no longer starts is not known to the next host', async () => {
  addBundle('sample');
  const answersDir = path.join(folder.path, 'answers');
  await learn(answersDir);
  const host = folder.createHost({ answersDir, env: { ...process.env, NODE_OPTIONS: '--no-such-option' } });
  await expect(host.getQuestions('task', 'sample', 'job')).rejects.toMatchObject({ code: 'PLUGIN_UNUSABLE' });
  expect(readdirSync(answersDir)).toEqual([]);
});
