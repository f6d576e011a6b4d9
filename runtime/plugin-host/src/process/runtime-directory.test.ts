import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStartTime } from './process-identity.ts';
import { chooseBase, RuntimeDirectory } from './runtime-directory.ts';

let base = '';

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'rt-'));
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

test('leaves no trace until a plugin needs it, and none after', () => {
  const runtime = new RuntimeDirectory(base);
  runtime.remove();
  expect(readdirSync(base)).toEqual([]);
  const plugin = runtime.createPluginDirectory();
  plugin.recordProcess(process.pid);
  plugin.remove();
  runtime.remove();
  expect(readdirSync(base)).toEqual([]);
});

test('nobody else may enter it', () => {
  const plugin = new RuntimeDirectory(base).createPluginDirectory();
  expect(statSync(plugin.path).mode & 0o777).toBe(0o700);
  expect(statSync(path.dirname(plugin.path)).mode & 0o777).toBe(0o700);
});

test('gives each plugin its own folder', () => {
  const runtime = new RuntimeDirectory(base);
  expect(runtime.createPluginDirectory().path).not.toBe(runtime.createPluginDirectory().path);
});

test.each([`/tmp/${'x'.repeat(120)}`, '/tmp/a|b'])('does not put sockets into %s', (folder) => {
  expect(chooseBase(folder)).toBe('/tmp');
});

test('the sweep spares what a living host uses', () => {
  const runtime = new RuntimeDirectory(base);
  const plugin = runtime.createPluginDirectory();
  new RuntimeDirectory(base).sweep();
  expect(existsSync(plugin.path)).toBe(true);
});

test('the sweep removes the folder of a host that is gone, and ends its plugin', async () => {
  const plugin = spawn('sleep', ['600']);
  await once(plugin, 'spawn');
  const pid = plugin.pid ?? 0;
  const dead = path.join(base, `optimus-plugins-${2 ** 30}-1-abc`);
  mkdirSync(path.join(dead, '1'), { recursive: true });
  writeFileSync(path.join(dead, '1.pid'), `${pid} ${readStartTime(pid)}`);
  new RuntimeDirectory(base).sweep();
  expect(await once(plugin, 'exit')).toEqual([null, 'SIGKILL']);
  expect(existsSync(dead)).toBe(false);
});

test('the sweep ends no process that has only inherited the id', async () => {
  const other = spawn('sleep', ['600']);
  await once(other, 'spawn');
  const dead = path.join(base, `optimus-plugins-${process.pid}-1-abc`);
  mkdirSync(dead);
  writeFileSync(path.join(dead, '1.pid'), `${other.pid} 1`);
  new RuntimeDirectory(base).sweep();
  expect(existsSync(dead)).toBe(false);
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill('SIGKILL');
});

test('the sweep leaves other folders alone', () => {
  mkdirSync(path.join(base, 'optimus-plugins-mine'));
  writeFileSync(path.join(base, `optimus-plugins-${2 ** 30}-1-file`), '');
  new RuntimeDirectory(base).sweep();
  expect(readdirSync(base)).toHaveLength(2);
});
