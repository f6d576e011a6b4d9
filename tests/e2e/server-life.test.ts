import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canSeeProcesses, findProcesses } from './stage/find-leftovers.ts';
import { type Stage, setStage } from './stage/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  await stage.configure({});
});

afterEach(() => stage.clear());

async function expectNothingLeft() {
  const look = async () => expect(await findProcesses(stage.folder)).toEqual([]);
  if (canSeeProcesses) await vi.waitFor(look, { timeout: 15_000 });
}

describe('a server', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s and leaves no process and no server.json',
    async (signal) => {
      const server = await stage.startServer();
      expect(await server.end(signal)).toBe(0);
      expect(existsSync(path.join(stage.dataDir, 'server.json'))).toBe(false);
      await expectNothingLeft();
    },
  );

  it('keeps what it knows over a restart', async () => {
    const server = await stage.startServer();
    await register('first');
    await server.end('SIGTERM');
    await stage.startServer();
    expect(await listProjects()).toEqual(['first']);
  });

  it('keeps what it knows when it is killed, and its database does not outlive it', async () => {
    const server = await stage.startServer();
    await register('first');
    await server.end('SIGKILL');
    await expectNothingLeft();
    await stage.startServer();
    expect(await listProjects()).toEqual(['first']);
  });

  it('starts again over a server.json that a killed one left', async () => {
    await (await stage.startServer()).end('SIGKILL');
    expect(existsSync(path.join(stage.dataDir, 'server.json'))).toBe(true);
    const again = await stage.startServer();
    expect(await (await fetch(`http://${again.address}/ping`)).text()).toBe('pong');
  });

  it('keeps its key to itself', async () => {
    await stage.startServer();
    const { mode } = await stat(path.join(stage.dataDir, 'app_key'));
    expect(mode & 0o077).toBe(0);
  });
});

describe('a second server on the same data directory', () => {
  it('refuses, names the directory and the pid of the first, and leaves it working', async () => {
    const first = await stage.startServer();
    const second = stage.startServer({ OPTIMUS_SERVE_PORT: '0' });
    await expect(second).rejects.toThrow(stage.dataDir);
    await expect(second).rejects.toThrow(String(first.pid));
    expect(await (await fetch(`http://${first.address}/ping`)).text()).toBe('pong');
  });
});

describe('a configuration with a misspelt key', () => {
  it('is refused with the place and the nearest word', async () => {
    await stage.configure({ serve: { prot: 9100 } });
    await expect(stage.startServer()).rejects.toThrow(/config\.yaml:\d+:\d+[^]*prot[^]*port/);
  });
});

async function register(name: string) {
  const response = await fetch(`http://127.0.0.1:${stage.port}/api/v1/project`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project: { name, config: {} } }),
  });
  expect(response.status).toBe(200);
}

async function listProjects(): Promise<readonly string[]> {
  const response = await fetch(`http://127.0.0.1:${stage.port}/api/v1/project`);
  const { projects } = (await response.json()) as { readonly projects: readonly { readonly name: string }[] };
  return projects.map(({ name }) => name);
}
