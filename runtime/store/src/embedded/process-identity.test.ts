import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import {
  currentProcessIdentity,
  findProcessCommand,
  findProcessStart,
  isProcessAlive,
  isSameSpace,
} from './process-identity.ts';

function spawnSleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'marker of the sleeper'], {
    stdio: 'ignore',
  });
  return { child, pid: child.pid ?? -1, ended: once(child, 'exit') };
}

it('takes this process for alive, in this space', () => {
  const identity = currentProcessIdentity();
  expect(isProcessAlive(identity)).toBe(true);
  expect(isSameSpace(identity)).toBe(true);
  expect(isSameSpace({ ...identity, space: 'another boot' })).toBe(false);
});

it('takes another process under the same pid for dead', () => {
  expect(isProcessAlive({ ...currentProcessIdentity(), startedAt: 'earlier' })).toBe(false);
});

it('follows a process from its start to its end', async () => {
  const { child, pid, ended } = spawnSleeper();
  await expect.poll(() => findProcessCommand(pid)).toContain('marker of the sleeper');
  const startedAt = findProcessStart(pid) ?? '';
  const identity = { ...currentProcessIdentity(), pid, startedAt };
  expect(isProcessAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await ended;
  expect(isProcessAlive(identity)).toBe(false);
  expect(findProcessCommand(pid)).toBeUndefined();
});

it.runIf(process.platform === 'linux')('takes a process that ended unwept for dead', async () => {
  // The shell starts a child that ends at once, becomes a program that never waits for it, and so leaves a zombie.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  await expect.poll(() => findProcessStart(Number(output))).toBeUndefined();
  parent.kill('SIGKILL');
});
