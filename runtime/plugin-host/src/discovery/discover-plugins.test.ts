import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discoverPlugins } from './discover-plugins.ts';
import { listPluginDirectories } from './plugin-directories.ts';

const platform = { os: 'linux', arch: 'amd64' };
let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'discover-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function add(...parts: ReadonlyArray<string>): string {
  const file = path.join(root, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

function discover(...directories: ReadonlyArray<string>) {
  return discoverPlugins(
    directories.map((directory) => path.join(root, directory)),
    platform,
  );
}

test('the first directory that has a plugin wins; the others are listed as hidden', () => {
  const chosen = add('a', 'optimus-neo_linux_amd64');
  const hidden = add('b', 'optimus-neo_9.9_linux_amd64');
  expect(discover('a', 'b')).toEqual([{ name: 'neo', path: chosen, version: undefined, shadows: [hidden] }]);
});

test('the highest version within a directory wins', () => {
  const old = add('a', 'optimus-neo_0.9_linux_amd64');
  const chosen = add('a', 'optimus-neo_0.10_linux_amd64');
  const bare = add('a', 'optimus-neo_linux_amd64');
  expect(discover('a')).toMatchObject([{ path: chosen, version: '0.10', shadows: [old, bare] }]);
});

test('a name does not hide another that begins like it, nor does a directory', () => {
  add('optimus-bq-tools', 'optimus-bq2bq_linux_amd64');
  add('b', 'optimus-bq_linux_amd64');
  expect(discover('optimus-bq-tools', 'b').map(({ name }) => name)).toEqual(['bq2bq', 'bq']);
});

test('follows links, and passes over broken ones and directories', () => {
  const target = add('elsewhere', 'neo');
  mkdirSync(path.join(root, 'a', 'optimus-folder_linux_amd64'), { recursive: true });
  symlinkSync(target, path.join(root, 'a', 'optimus-neo_linux_amd64'));
  symlinkSync('/nowhere', path.join(root, 'a', 'optimus-broken_linux_amd64'));
  expect(discover('a').map(({ name }) => name)).toEqual(['neo']);
});

test('passes over directories that are not there', () => {
  expect(discover('missing')).toEqual([]);
});

test('looks where the guide says, after the configured directories', () => {
  const places = { dirs: ['extra', '/opt/plugins'], cwd: '/srv', execDir: '/opt/optimus', home: '/home/u' };
  expect(listPluginDirectories(places)).toEqual([
    '/srv/extra',
    '/opt/plugins',
    '/srv',
    '/opt/optimus',
    '/opt/optimus/.optimus/plugins',
    '/home/u/.optimus/plugins',
    '/usr/bin',
    '/usr/local/bin',
  ]);
});

test('looks once into a directory that is named twice', () => {
  const places = { dirs: ['/usr/bin'], cwd: '/usr/bin', execDir: '/usr/bin', home: '/root' };
  expect(listPluginDirectories(places).filter((directory) => directory === '/usr/bin')).toHaveLength(1);
});
