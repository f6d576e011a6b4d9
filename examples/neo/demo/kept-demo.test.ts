import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoHome, findDemoHome } from './demo-home.ts';
import { findKept, recordKept, stopKept } from './kept-demo.ts';
import { prepareHome } from './steps/prepare-home.ts';

const pong = `
  const server = require('node:http').createServer((_, answer) => answer.end('pong'));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
let home: DemoHome;
let server: ChildProcess;
let host: string;

beforeEach(async () => {
  home = findDemoHome({ OPTIMUS_DEMO_HOME: await mkdtemp(path.join(tmpdir(), 'optimus-kept-')) });
  const child = spawn(process.execPath, ['-e', pong], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  server = child;
  host = `127.0.0.1:${line.trim()}`;
});

afterEach(async () => {
  server.kill('SIGKILL');
  await rm(home.root, { recursive: true, force: true });
});

describe('a kept demo', () => {
  it('is found while its server answers, and blocks the next one', async () => {
    await recordKept(home, { host, pids: [server.pid ?? 0] });
    expect(await findKept(home)).toMatchObject({ host });
    await expect(prepareHome(home)).rejects.toThrow('npm run demo -- --stop');
  });

  it('is gone after a stop', async () => {
    await recordKept(home, { host, pids: [server.pid ?? 0] });
    const ended = once(server, 'exit');
    expect(await stopKept(home)).toBe(true);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await stopKept(home)).toBe(false);
  });

  it('does not count, and its pids are left alone, when its server does not answer', async () => {
    await recordKept(home, { host: '127.0.0.1:9', pids: [server.pid ?? 0] });
    expect(await stopKept(home)).toBe(false);
    expect(server.exitCode ?? server.signalCode).toBeNull();
  });
});

describe('the home of a demo', () => {
  it('is empty when it begins', async () => {
    await mkdir(path.join(home.dataDir, 'old'), { recursive: true });
    await prepareHome(home);
    await expect(rm(home.dataDir)).rejects.toThrow('ENOENT');
  });
});
