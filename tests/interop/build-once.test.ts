import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildOnce } from './build-once.ts';

let folder: string;

beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'build-once-')), 'programs');
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));

it('is built by one of those who ask at once, and found whole by the others', async () => {
  let builds = 0;
  const build = async () => {
    builds += 1;
    await writeFile(path.join(folder, 'program'), '');
    return undefined;
  };
  expect(await Promise.all([1, 2, 3].map(() => buildOnce(folder, build)))).toEqual(Array(3).fill(undefined));
  expect([builds, existsSync(path.join(folder, 'program'))]).toEqual([1, true]);
});

it('is built from nothing again when it could not be', async () => {
  const fail = async () => {
    await writeFile(path.join(folder, 'half'), '');
    return { missing: 'a tool' };
  };
  expect(await buildOnce(folder, fail)).toEqual({ missing: 'a tool' });
  expect(await buildOnce(folder, async () => undefined)).toBeUndefined();
  expect(existsSync(path.join(folder, 'half'))).toBe(false);
});
