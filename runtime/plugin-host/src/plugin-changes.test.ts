import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PluginFolder, patience, toFileName } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const start = async (options: Parameters<PluginFolder['createHost']>[0] = {}) => {
  const host = folder.createHost(options);
  await host.start(new AbortController().signal);
  return host;
};

test('an installed plugin is there without a restart, also in a directory that was not', async () => {
  const host = await start({ dirs: [path.join(folder.path, 'later', 'plugins')] });
  expect(await host.list()).toEqual([]);
  const made = folder.addFixture('sample', 'sdk-plugin.mjs');
  folder.addFile('later/plugins/README', '');
  renameSync(made, path.join(folder.path, 'later/plugins', toFileName('sample')));
  await vi.waitFor(async () => expect(await host.find('task', 'sample')).toBeDefined(), patience);
  expect(folder.log.entries).toContainEqual(expect.objectContaining({ message: 'plugin ready' }));
});

test('a replaced plugin ends its calls before it ends, and the next call reaches the new one', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs', 'sample', 'task');
  folder.addFixture('other', 'sdk-plugin.mjs', 'other');
  const host = await start();
  const [other] = await host.getQuestions('task', 'other', 'job');
  const slow = host.getQuestions('task', 'sample', 'slow');
  folder.addFixture('sample', 'sdk-plugin.mjs', 'sample', 'hook');
  await vi.waitFor(async () => expect(await host.find('hook', 'sample')).toBeDefined(), patience);
  expect(await slow).toHaveLength(1);
  expect(await host.getQuestions('task', 'other', 'job')).toEqual([other]);
});

test('a removed plugin is gone', async () => {
  const file = folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = await start();
  expect(await host.list()).toHaveLength(1);
  rmSync(file);
  await vi.waitFor(async () => expect(await host.list()).toEqual([]), patience);
});

test('a description that comes later is taken in', async () => {
  const host = await start();
  const text = 'name: late\nplugintype: task\npluginversion: 1\nimage: i';
  folder.addFile('optimus-plugin-late.yaml', text.replace('image', 'imag'), 0o644);
  await vi.waitFor(async () => expect(await host.list()).toMatchObject([{ state: 'failed' }]), patience);
  folder.addFile('optimus-plugin-late.yaml', text, 0o644);
  await vi.waitFor(async () => expect(await host.find('task', 'late')).toBeDefined(), patience);
});

test('a directory may be taken away and come again', async () => {
  const directory = path.join(folder.path, 'plugins');
  folder.addFile('plugins/README', '');
  const host = await start({ dirs: [directory] });
  rmSync(directory, { recursive: true });
  const text = 'name: back\nplugintype: task\npluginversion: 1\nimage: i';
  folder.addFile('plugins/optimus-plugin-back.yaml', text, 0o644);
  await vi.waitFor(async () => expect(await host.find('task', 'back')).toBeDefined(), patience);
  rmSync(directory, { recursive: true });
  await vi.waitFor(async () => expect(await host.list()).toEqual([]), patience);
});

test('who asks while a plugin is replaced gets an answer of the new one', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs', 'sample', 'task');
  const host = await start({ startWaitMs: 1 });
  folder.addFixture('sample', 'sdk-plugin.mjs', 'sample', 'hook');
  let found = await host.find('hook', 'sample');
  const answers = async () => {
    found = await host.find('hook', 'sample');
    expect(found).toBeDefined();
  };
  await vi.waitFor(answers, patience);
  expect(found).toMatchObject({ hookType: 'post' });
});

test('a plugin is known by one value, and by another when one that says the same takes its place', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = await start({ idleTimeoutMs: 1 });
  const known = await host.find('task', 'sample');
  const [first] = await host.getQuestions('task', 'sample', 'job');
  await vi.waitFor(async () => {
    const [later] = await host.getQuestions('task', 'sample', 'job');
    expect(later?.prompt).not.toBe(first?.prompt);
  }, patience);
  expect(await host.find('task', 'sample')).toBe(known);
  folder.addFixture('sample', 'sdk-plugin.mjs');
  await vi.waitFor(async () => expect(await host.find('task', 'sample')).not.toBe(known), patience);
  expect(await host.find('task', 'sample')).toEqual(known);
});

test('without anybody who watches the files, the next process of a replaced one is known by another value', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ idleTimeoutMs: 1 });
  const known = await host.find('task', 'sample');
  folder.addFixture('sample', 'sdk-plugin.mjs');
  await vi.waitFor(async () => {
    await host.getQuestions('task', 'sample', 'job');
    expect(await host.find('task', 'sample')).not.toBe(known);
  }, patience);
  expect(await host.find('task', 'sample')).toEqual(known);
});
