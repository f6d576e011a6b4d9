import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { createStore } from '@optimus/store';
import { createTestDatabase } from '@optimus/store/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadServerConfig } from './config/load-server-config.ts';
import type { ServerConfig } from './config/server-config.ts';
import { serve } from './serve.ts';
import { makeTemporaryFolder } from './testing/temporary-folder.ts';

async function makeConfig(env: Record<string, string> = {}): Promise<ServerConfig> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const cwd = makeTemporaryFolder();
  const { config } = loadServerConfig({
    cwd,
    env: {
      OPTIMUS_HOME: join(cwd, 'data'),
      OPTIMUS_SERVE_PORT: '0',
      OPTIMUS_SERVE_DB_DSN: database.dsn,
      OPTIMUS_SERVE_APP_KEY: 'k'.repeat(40),
      ...env,
    },
  });
  return config;
}

async function start(config: ServerConfig, log: Log = SILENT_LOG) {
  const server = await serve(config, { log, version: '9.9.9' });
  onTestFinished(() => server.stop());
  const url = `http://${server.address.host}:${server.address.port}`;
  return { server, url };
}

/** What a server with this key alone would give to a run. */
async function readSecrets(config: ServerConfig, appKey: string) {
  const connection = { dsn: config.serve.db.dsn ?? '' };
  const store = createStore({ connection, appKey, log: SILENT_LOG });
  onTestFinished(() => store.stop());
  return store.secrets.readAll(parseProjectName('sky'), parseNamespaceName('space'));
}

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('a server', () => {
  it('serves what it stores, over a restart', async () => {
    const config = await makeConfig();
    const first = await start(config);
    expect(await (await fetch(`${first.url}/ping`)).text()).toBe('pong');
    expect(await (await fetch(`${first.url}/api/v1/version`, post({}))).json()).toEqual({ server: '9.9.9' });
    const project = { project: { name: 'sky', config: { a: '1' } }, namespace: { name: 'space' } };
    expect((await fetch(`${first.url}/api/v1/project`, post(project))).status).toBe(200);
    const secret = { value: Buffer.from('s3cret').toString('base64') };
    expect((await fetch(`${first.url}/api/v1/project/sky/secret/key`, post(secret))).status).toBe(200);
    await first.server.stop();
    const second = await start(config);
    expect(await (await fetch(`${second.url}/api/v1/project`)).json()).toMatchObject({
      projects: [{ name: 'sky', config: { A: '1' } }],
    });
    expect(await (await fetch(`${second.url}/api/v1/project/sky/secret`)).json()).toMatchObject({
      secrets: [{ name: 'key', namespace: '' }],
    });
  });

  it('says where it is in its data directory until it stops', async () => {
    const config = await makeConfig();
    const { server } = await start(config);
    const file = join(config.serve.dataDir, 'server.json');
    expect(existsSync(file)).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(await server.stopped).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('keeps what runs of each database leave apart, also in one data directory', async () => {
    const config = await makeConfig();
    const { server } = await start(config);
    await server.stop();
    const { serve: other } = await makeConfig();
    await start({ ...config, serve: { ...config.serve, db: other.db } });
    const folders = readdirSync(join(config.serve.dataDir, 'runs'));
    expect(folders).toHaveLength(2);
    for (const folder of folders)
      expect(existsSync(join(config.serve.dataDir, 'runs', folder, 'attempts'))).toBe(true);
  });

  it('changes the key of its secrets while it runs, and forgets the old one', async () => {
    const config = await makeConfig();
    const { url, server } = await start(config);
    await fetch(`${url}/api/v1/project`, post({ project: { name: 'sky' }, namespace: { name: 'space' } }));
    const secret = { value: Buffer.from('s3cret').toString('base64') };
    await fetch(`${url}/api/v1/project/sky/secret/key`, post(secret));
    await server.stop();
    const appKey = 'n'.repeat(40);
    const previousAppKeys = ['k'.repeat(40)];
    const both = await start({ ...config, serve: { ...config.serve, appKey, previousAppKeys } });
    const rotate = async () => (await fetch(`${both.url}/api/v1/secret_key/rotate`, post({}))).json();
    expect(await rotate()).toEqual({ rotated: 1, unreadable: [] });
    expect(await rotate()).toEqual({ rotated: 0, unreadable: [] });
    expect(await readSecrets(config, appKey)).toEqual({ key: 's3cret' });
  });

  it('refuses a second one on the same data directory and goes on', async () => {
    const config = await makeConfig();
    const { url } = await start(config);
    await expect(serve(config, { log: SILENT_LOG, version: '0' })).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
    });
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });

  it('leaves nothing behind when it cannot start', async () => {
    const { url } = await start(await makeConfig());
    const config = await makeConfig({ OPTIMUS_SERVE_PORT: new URL(url).port });
    await expect(serve(config, { log: SILENT_LOG, version: '0' })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    const again = { ...config, serve: { ...config.serve, port: 0 } };
    expect((await fetch(`${(await start(again)).url}/ping`)).status).toBe(200);
  });

  it('does not start when it is told to stop', async () => {
    const config = await makeConfig();
    const options = { log: SILENT_LOG, version: '0', signal: AbortSignal.abort() };
    await expect(serve(config, options)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(existsSync(join(config.serve.dataDir, 'server.json'))).toBe(false);
  });

  it('asks for a token when it has some', async () => {
    const { url } = await start(await makeConfig({ OPTIMUS_SERVE_AUTH_TOKENS: 't0ken' }));
    expect((await fetch(`${url}/api/v1/project`)).status).toBe(401);
    const headers = { authorization: `Basic ${btoa('ada:t0ken')}` };
    expect((await fetch(`${url}/api/v1/project`, { headers })).status).toBe(200);
  });

  it('shows the metrics of calls and of its process', async () => {
    const { url } = await start(await makeConfig());
    await fetch(`${url}/api/v1/project`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('grpc_method="ListProjects",grpc_code="OK"} 1');
    expect(text).toContain('process_cpu_user_seconds_total');
  });
});
