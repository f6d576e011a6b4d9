import { expect, test } from 'vitest';
import { isInstalled } from './dependencies.mjs';

const here = { os: [process.platform], cpu: [process.arch] };

function lockOf(packages: Record<string, object>): string {
  return JSON.stringify({
    packages: { '': { name: 'root' }, 'apps/cli': { name: '@optimus/cli' }, ...packages },
  });
}

test('takes an install by hand for complete when every locked version lies there', () => {
  const lock = lockOf({
    'node_modules/a': { version: '1.0.0' },
    'node_modules/@o/cli': { resolved: 'apps/cli', link: true },
  });
  expect(isInstalled(lock, lock)).toBe(true);
});

test('asks for an install when nothing was ever installed', () => {
  expect(isInstalled(lockOf({}), '')).toBe(false);
});

test('asks for an install when a package is missing or has another version', () => {
  const lock = lockOf({ 'node_modules/a': { version: '1.0.0' } });
  expect(isInstalled(lock, lockOf({}))).toBe(false);
  expect(isInstalled(lock, lockOf({ 'node_modules/a': { version: '1.0.1' } }))).toBe(false);
});

test('does without optional packages of other platforms', () => {
  const other = { version: '1.0.0', optional: true, os: ['plan9'], cpu: [process.arch] };
  expect(isInstalled(lockOf({ 'node_modules/a-plan9': other }), lockOf({}))).toBe(true);
});

test('asks for an install when the optional package of this platform was left out', () => {
  const lock = lockOf({ 'node_modules/a-here': { version: '1.0.0', optional: true, ...here } });
  expect(isInstalled(lock, lockOf({}))).toBe(false);
});
