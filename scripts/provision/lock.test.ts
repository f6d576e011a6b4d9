import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRepository } from '../testing/temporary-repository.ts';
import { withLock } from './lock.mjs';

test('lets one holder in at a time', async () => {
  const file = path.join(createRepository({}), 'lock');
  const events: string[] = [];
  const enter = async (name: string) => {
    events.push(`${name} in`);
    await Promise.resolve();
    events.push(`${name} out`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => withLock(file, () => enter(name))));
  const [first, second, third] = [events.slice(0, 2), events.slice(2, 4), events.slice(4)].map((pair) =>
    pair.map((event) => event.split(' ')[0]),
  );
  for (const pair of [first, second, third]) expect(new Set(pair).size).toBe(1);
});

test('takes over from a holder that died', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const file = path.join(createRepository({ lock: String(pid) }), 'lock');
  expect(await withLock(file, async () => readFileSync(file, 'utf8'))).toBe(String(process.pid));
});

test('is free again after a step that failed', async () => {
  const file = path.join(createRepository({}), 'lock');
  const step = () => Promise.reject(new Error('broken'));
  await expect(withLock(file, step)).rejects.toThrow('broken');
  expect(existsSync(file)).toBe(false);
});
