import { expect, it } from 'vitest';
import {
  formatPlatform,
  isThisPlatform,
  parsePlatforms,
  TARGET_PLATFORMS,
  toProgramName,
} from './target-platform.ts';

it('knows the six pairs', () => {
  expect(TARGET_PLATFORMS.map(formatPlatform)).toEqual([
    'linux/amd64',
    'linux/arm64',
    'darwin/amd64',
    'darwin/arm64',
    'windows/amd64',
    'windows/arm64',
  ]);
});

it('takes each pair once', () => {
  expect(parsePlatforms(['linux/arm64', 'linux/arm64'])).toEqual([{ os: 'linux', arch: 'arm64' }]);
});

it.each(['linux', 'linux/x64', 'Linux/amd64', 'plan9/amd64', ''])(
  'refuses %j and lists the pairs',
  (given) => {
    expect(() => parsePlatforms([given])).toThrow(/--os-arch has .*linux\/amd64, .*windows\/arm64/);
  },
);

it('is on one of them at most', () => {
  expect(TARGET_PLATFORMS.filter(isThisPlatform).length).toBeLessThanOrEqual(1);
});

it('names a program as hosts look for it', () => {
  const neo = { name: 'neo', version: '1.2.3' };
  expect(toProgramName(neo, { os: 'linux', arch: 'amd64' })).toBe('optimus-neo_1.2.3_linux_amd64');
  expect(toProgramName(neo, { os: 'windows', arch: 'arm64' })).toBe('optimus-neo_1.2.3_windows_arm64.exe');
});
