import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toPlatform } from '../discovery/platform.ts';
import { explainNotExecutable, vetPluginFile } from './vet-plugin-file.ts';

const platform = toPlatform(process.platform, process.arch);
let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vet-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function add(content: string | Buffer, mode = 0o755): string {
  const file = path.join(root, 'plugin');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

function vet(file: string, allowForeignWriters = false): string {
  return vetPluginFile({ name: 'neo', path: file }, { platform, allowForeignWriters });
}

/** The message and hint of the refusal. */
function refuse(file: string): string {
  try {
    vet(file);
  } catch (error) {
    if (error instanceof OptimusError && error.code === 'PLUGIN_UNUSABLE')
      return `${error.message} | ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

test('accepts a script, and follows the links to it', () => {
  const file = add('#!/bin/sh\n');
  const link = path.join(root, 'link');
  symlinkSync(file, link);
  expect(vet(file)).toBe(file);
  expect(vet(link)).toBe(file);
});

test('names both ends of a link it refuses', () => {
  const file = add('#!/bin/sh\n', 0o644);
  const link = path.join(root, 'link');
  symlinkSync(file, link);
  expect(refuse(link)).toContain(`plugin neo (${link} → ${file}): is not executable`);
});

test('names the plugin and its file in every refusal', () => {
  const file = add('');
  expect(refuse(file)).toContain(`plugin neo (${file}): `);
});

test('says how to make a file executable', () => {
  const file = add('#!/bin/sh\n', 0o644);
  expect(refuse(file)).toMatch(/is not executable \| run: chmod \+x .*plugin$/);
});

test.each([0o777, 0o757])('refuses a file with mode %o, which anyone could replace', (mode) => {
  const file = add('#!/bin/sh\n', mode);
  expect(refuse(file)).toMatch(/can be modified by other users: .* has mode 07.7 \| run: chmod go-w/);
  expect(vet(file, true)).toBe(file);
});

test('refuses a directory on the way that anyone could write to', () => {
  const open = path.join(root, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  const file = path.join(open, 'plugin');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  expect(refuse(file)).toContain(`${open} has mode 0777`);
});

test('accepts a sticky directory, where files are safe from others', () => {
  const sticky = path.join(root, 'sticky');
  mkdirSync(sticky);
  chmodSync(sticky, 0o1777);
  const file = path.join(sticky, 'plugin');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  expect(vet(file)).toBe(file);
});

test.each([
  ['an empty file', ''],
  ['text without a first line for the system', 'echo hello > canary'],
  ['a truncated program', '\x7fELF'],
])('refuses %s, which a shell would otherwise execute', (_, content) => {
  expect(refuse(add(content))).toContain('is not a program this system can run');
});

test('refuses a program for another architecture', () => {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head[4] = 2;
  head[5] = 1;
  head.writeUInt16LE(platform.arch === 'arm64' ? 62 : 183, 18);
  expect(refuse(add(head))).toMatch(/is built for a(rm|md)64, this machine is/);
});

test('refuses a script whose interpreter is missing', () => {
  expect(refuse(add('#!/no/such/python\n'))).toContain('its interpreter "/no/such/python" was not found');
});

test('refuses what has gone since it was found', () => {
  expect(refuse(path.join(root, 'gone'))).toContain('cannot be read: ENOENT');
});

test('tells a file system without programs from a file without the mode', () => {
  const plugin = { name: 'neo', path: '/plugins/neo' };
  const explain = (mode: number) => explainNotExecutable(plugin, plugin.path, { mode });
  expect(explain(0o644)).toMatchObject({
    message: expect.stringMatching(/is not executable$/),
    hint: 'run: chmod +x /plugins/neo',
  });
  expect(explain(0o755)).toMatchObject({
    message: expect.stringMatching(/cannot be executed from this file system$/),
    hint: expect.stringContaining('noexec'),
  });
});
