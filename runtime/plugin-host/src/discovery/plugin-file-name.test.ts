import { expect, test } from 'vitest';
import { compareVersions, parsePluginFileName } from './plugin-file-name.ts';

const linux = { os: 'linux', arch: 'amd64' };

test.each([
  ['optimus-neo_linux_amd64', { name: 'neo', version: undefined }],
  ['optimus-neo_0.1.2_linux_amd64', { name: 'neo', version: '0.1.2' }],
  ['optimus-my-plugin_v1.0.0-rc.1_linux_amd64', { name: 'my-plugin', version: 'v1.0.0-rc.1' }],
  ['optimus-neo_a_b_linux_amd64', { name: 'neo', version: 'a_b' }],
])('%s is a plugin', (fileName, parts) => {
  expect(parsePluginFileName(fileName, linux)).toEqual(parts);
});

test.each([
  'optimus-neo_darwin_amd64',
  'optimus-neo_linux_arm64',
  'optimus-neo_linux_amd64.exe',
  'optimus-neo_linux_amd64.sha256',
  'optimus_linux_amd64',
  'optimus-_linux_amd64',
  'optimus-plugin-neo.yaml',
  'my-optimus-neo_linux_amd64',
])('%s is none', (fileName) => {
  expect(parsePluginFileName(fileName, linux)).toBeUndefined();
});

test('on Windows the extension is no part of the name', () => {
  const windows = { os: 'windows', arch: 'amd64' };
  expect(parsePluginFileName('optimus-neo_windows_amd64.exe', windows)?.name).toBe('neo');
  expect(parsePluginFileName('optimus-neo_windows_amd64', windows)?.name).toBe('neo');
});

test('versions are ordered by number, releases after their candidates, none first of all', () => {
  const inOrder = [undefined, '0.9', '0.10', '1.0.0-rc.2', '1.0.0-rc.10', 'v1.0.0', '2'];
  expect([...inOrder].reverse().sort(compareVersions)).toEqual([...inOrder.slice(1), undefined]);
  expect(compareVersions(undefined, '0.1')).toBeLessThan(0);
  expect(compareVersions('1.0', 'v1.0')).toBe(0);
});
