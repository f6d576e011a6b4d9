import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseProjectName, SILENT_LOG } from '@optimus/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { makeDataDirPath } from './embedded/testing/temporary-folder.ts';
import { createStore, type Store } from './store.ts';

const PROJECT = { name: parseProjectName('kept'), config: { A: 'b' } };

let dataDir: string;
let remove: () => Promise<void>;
let server: EmbeddedPostgres;
let store: Store;

beforeEach(async () => {
  ({ dataDir, remove } = makeDataDirPath());
  await startServer();
  store = createStore({ connection: server.connection, appKey: 'k', log: SILENT_LOG });
  await store.start(new AbortController().signal);
  await store.projects.save(PROJECT);
});

afterEach(async () => {
  await store.stop();
  await server.stop();
  await remove();
});

async function startServer(): Promise<void> {
  server = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
}

async function killServer(): Promise<void> {
  process.kill(
    Number.parseInt(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10),
    'SIGKILL',
  );
  await server.died;
  await server.stop();
}

it('a store outlives a killed database: it says "unavailable" meanwhile, then finds every commit and says "resync"', async () => {
  const heard: string[] = [];
  store.changes.subscribe((change) => heard.push(change.topic));
  await killServer();
  await expect(store.projects.list()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await expect(store.leases.acquire('a', 'b', 1)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await startServer();
  expect(await store.projects.list()).toEqual([PROJECT]);
  await expect.poll(() => heard, { timeout: 10_000 }).toContain('resync');
});

it('a store can be stopped while its database is gone', async () => {
  await killServer();
  await expect(store.stop()).resolves.toBeUndefined();
});

it('a database moves with its data directory', async () => {
  await store.stop();
  await server.stop();
  const moved = join(dirname(dataDir), 'moved');
  renameSync(dataDir, moved);
  dataDir = moved;
  await startServer();
  store = createStore({ connection: server.connection, appKey: 'k', log: SILENT_LOG });
  expect(await store.projects.list()).toEqual([PROJECT]);
});
