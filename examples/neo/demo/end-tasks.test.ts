import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endTasks } from './end-tasks.ts';

let dataDir: string;
let task: ChildProcess;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'optimus-tasks-'));
  task = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(task, 'spawn');
});

afterEach(async () => {
  task.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

async function recordTask(files: Readonly<Record<string, string>>) {
  const folder = path.join(dataDir, 'runs', 'a-database', 'attempts', 'one');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

it('ends a task that still runs', async () => {
  await recordTask({ supervisor: `${task.pid}\nstart\nboot\nend\n` });
  const ended = once(task, 'exit');
  await endTasks(dataDir);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

it.each([
  ['that has ended', { supervisor: 'PID\nstart\nboot\nend\n', exit: '0\n' }],
  ['that was given up before it began', { supervisor: 'abandoned\nend\n' }],
  ['that has not begun', { canceled: '' }],
])('leaves the pid of a task alone %s', async (_, files) => {
  const named = Object.entries(files).map(([name, text]) => [name, text.replace('PID', String(task.pid))]);
  await recordTask(Object.fromEntries(named));
  await endTasks(dataDir);
  expect(task.kill(0)).toBe(true);
});

it('has nothing to do where no server ever was', async () => {
  await expect(endTasks(path.join(dataDir, 'nowhere'))).resolves.toBeUndefined();
});
