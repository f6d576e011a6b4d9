import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { Client } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertOwnCluster } from './cluster-owner.ts';
import { type EmbeddedPostgres, removeEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import type { EmbeddedConnection } from './postgres-settings.ts';
import { findPostmasterFile } from './postmaster-file.ts';
import { findProcessCommand, findProcessStart } from './process-identity.ts';
import { type ServerProcess, spawnServerProcess } from './testing/server-process.ts';
import { makeDataDirPath } from './testing/temporary-folder.ts';

const KEEP = 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer';
const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.geteuid?.() === 0;

/** Shared by the tests that need no first start: making a database is the slow part. */
const shared = makeDataDirPath();
let dataDir: string;
const removals: (() => Promise<void>)[] = [];
const servers: EmbeddedPostgres[] = [];
const processes: ServerProcess[] = [];

beforeEach(() => {
  dataDir = shared.dataDir;
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const process of processes.splice(0)) await process.end('SIGKILL');
  for (const remove of removals.splice(0)) await remove();
});

afterAll(() => shared.remove());

/** From here on the test works on a directory of its own. */
function takeFreshDataDir(): void {
  const fresh = makeDataDirPath();
  removals.push(fresh.remove);
  dataDir = fresh.dataDir;
}

async function start(path = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: path, log: SILENT_LOG });
  servers.push(server);
  return server;
}

function startProcess(path = dataDir, account = {}): ServerProcess {
  const process = spawnServerProcess(path, account);
  processes.push(process);
  return process;
}

async function query(connection: EmbeddedConnection, sql: string): Promise<readonly unknown[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

async function readyConnection(process: ServerProcess): Promise<EmbeddedConnection> {
  const outcome = await process.outcome;
  expect(outcome).toMatchObject({ kind: 'ready' });
  return JSON.parse(outcome.text) as EmbeddedConnection;
}

describe('a start', () => {
  it('makes the database the first time and keeps its rows for the next', async () => {
    takeFreshDataDir();
    const first = await start();
    await query(first.connection, KEEP);
    await first.stop();
    const second = await start();
    expect(await query(second.connection, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('gives UTF-8, the built-in locale, UTC and commits that are on disk', async () => {
    const { connection } = await start();
    const settings =
      "SELECT current_setting(name) FROM unnest(ARRAY['server_encoding','TimeZone','fsync','synchronous_commit']) name";
    expect(await query(connection, settings)).toEqual(['UTF8', 'UTC', 'on', 'on']);
    expect(await query(connection, "SELECT datlocale FROM pg_database WHERE datname = 'optimus'")).toEqual([
      'C.UTF-8',
    ]);
  });

  it('listens on a socket in a private folder and on no TCP port', async () => {
    const { connection } = await start();
    expect(statSync(connection.host).mode & 0o777).toBe(0o700);
    expect(await query(connection, 'SHOW listen_addresses')).toEqual(['']);
  });

  it('puts the socket under the temporary folder when the path of the data directory is too long for one', async () => {
    takeFreshDataDir();
    const { connection } = await start(join(dataDir, 'x'.repeat(100)));
    expect(await query(connection, 'SELECT 1')).toEqual([1]);
    expect(connection.host.length).toBeLessThan(60);
  });

  it('says what PostgreSQL said when it does not start', async () => {
    await (await start()).stop();
    const file = join(dataDir, 'cluster', 'postgresql.auto.conf');
    const whole = readFileSync(file);
    writeFileSync(file, 'no_such_setting = 1\n');
    await expect(start()).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      message: expect.stringContaining('no_such_setting'),
    });
    writeFileSync(file, whole);
  });

  it('leaves no process, no lock and no half-made database behind when it is aborted', async () => {
    takeFreshDataDir();
    const abort = new AbortController();
    const starting = startEmbeddedPostgres({ dataDir, log: SILENT_LOG, signal: abort.signal });
    await expect
      .poll(() => readdirSync(dataDir).some((name) => name.endsWith('.partial')), { interval: 2 })
      .toBe(true);
    abort.abort();
    await expect(starting).rejects.toMatchObject({ code: 'CANCELLED' });
    await start();
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});

describe('a stop', () => {
  it('ends the server, removes the socket and may be repeated', async () => {
    const server = await start();
    const pid = findPostmasterFile(join(dataDir, 'cluster'))?.pid ?? -1;
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(findProcessStart(pid)).toBeUndefined();
    expect(existsSync(server.connection.host)).toBe(false);
  });

  it('does not wait for clients that stay connected', async () => {
    const server = await start();
    const client = new Client(server.connection);
    client.on('error', () => undefined);
    await client.connect();
    await server.stop();
    expect(findPostmasterFile(join(dataDir, 'cluster'))).toBeUndefined();
  });
});

describe('the data directory', () => {
  it('refuses a second server, naming the directory and the process that has it', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      fields: { pid: String(process.pid) },
    });
    const other = await startProcess().outcome;
    expect(other).toEqual({
      kind: 'refused',
      text: `the data directory ${dataDir} is in use by process ${process.pid}`,
    });
  });

  it('refuses a second server that comes by another path', async () => {
    await start();
    const alias = join(dirname(dataDir), 'alias');
    symlinkSync(dataDir, alias);
    await expect(start(alias)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
  });

  it('admits exactly one of several servers that start at once', async () => {
    takeFreshDataDir();
    const outcomes = await Promise.all([1, 2, 3, 4].map(async () => (await startProcess().outcome).kind));
    expect(outcomes.sort()).toEqual(['ready', 'refused', 'refused', 'refused']);
  });

  it('is removed with its database', async () => {
    takeFreshDataDir();
    await (await start()).stop();
    await removeEmbeddedPostgres(dataDir, SILENT_LOG);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('after kill -9', () => {
  it('of the server, its database server ends by itself', async () => {
    const server = startProcess();
    await readyConnection(server);
    const pid = findPostmasterFile(join(dataDir, 'cluster'))?.pid ?? -1;
    await server.end('SIGKILL');
    await expect.poll(() => findProcessStart(pid)).toBeUndefined();
  });

  it('of the server, the next one takes the directory over at once with every committed row', async () => {
    const server = startProcess();
    await query(await readyConnection(server), KEEP);
    await server.end('SIGKILL');
    const next = await start();
    expect(await query(next.connection, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('of the server and of the shell that watches it, the next one stops the orphan', async () => {
    const server = startProcess();
    await readyConnection(server);
    const orphan = findPostmasterFile(join(dataDir, 'cluster'))?.pid ?? -1;
    for (const watcher of listWatchersOf(orphan)) process.kill(watcher, 'SIGKILL');
    await server.end('SIGKILL');
    expect(findProcessStart(orphan)).toBeDefined();
    await start();
    expect(findProcessStart(orphan)).toBeUndefined();
  });

  it('of the database server and its owner, a pid that now belongs to somebody else is no obstacle', async () => {
    await (await start()).stop();
    writeFileSync(
      join(dataDir, 'cluster', 'postmaster.pid'),
      `${process.ppid}\n${dataDir}/cluster\n1\n5432\n\n\n0 0\nready\n`,
    );
    expect(await query((await start()).connection, 'SELECT 1')).toEqual([1]);
  });

  it('in the middle of initdb, the next start sweeps the half-made database and makes a whole one', async () => {
    takeFreshDataDir();
    const server = startProcess();
    await expect.poll(() => existsSync(join(findPartial(), 'PG_VERSION')), { interval: 2 }).toBe(true);
    await server.end('SIGKILL');
    await expect.poll(() => listProcesses((command) => command.includes(dataDir))).toEqual([]);
    const next = await start();
    expect(await query(next.connection, 'SELECT 1')).toEqual([1]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
  });

  it('of the database server alone, its owner is told', async () => {
    const server = await start();
    process.kill(findPostmasterFile(join(dataDir, 'cluster'))?.pid ?? -1, 'SIGKILL');
    const error = await server.died;
    expect(error).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: 'the embedded database server was ended by SIGKILL',
    });
    await server.stop();
    expect(await query((await start()).connection, 'SELECT 1')).toEqual([1]);
  });
});

describe.runIf(isRoot)('as root', () => {
  it('runs PostgreSQL as nobody', async () => {
    await start();
    const pid = findPostmasterFile(join(dataDir, 'cluster'))?.pid ?? -1;
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY.uid);
    expect(statSync(join(dataDir, 'cluster')).uid).toBe(NOBODY.uid);
  });

  it('keeps the database elsewhere, behind a link, when nobody cannot enter the data directory', async () => {
    takeFreshDataDir();
    const hidden = join(dataDir, 'hidden');
    mkdirSync(hidden, { recursive: true, mode: 0o700 });
    const path = join(hidden, 'data');
    const first = await start(path);
    await query(first.connection, KEEP);
    await first.stop();
    const second = await start(path);
    expect(await query(second.connection, 'SELECT answer FROM kept')).toEqual([42]);
    await second.stop();
    await removeEmbeddedPostgres(path, SILENT_LOG);
  });

  it('leaves an ordinary account to run everything as itself', async () => {
    takeFreshDataDir();
    const own = startProcess(dataDir, NOBODY);
    await readyConnection(own);
    expect(statSync(dataDir).uid).toBe(NOBODY.uid);
    await own.end('SIGTERM');
    expect(findPostmasterFile(join(dataDir, 'cluster'))).toBeUndefined();
  });

  it('refuses a database of another account, in words that say so', () => {
    const [uid, gid] = [statSync(import.meta.filename).uid, 0];
    expect(() => assertOwnCluster(dirname(import.meta.filename), NOBODY)).toThrow(`belongs to uid ${uid}`);
    expect(() => assertOwnCluster(dirname(import.meta.filename), { uid, gid })).not.toThrow();
  });

  it('continues a database that an ordinary account began, as that account', async () => {
    takeFreshDataDir();
    const own = startProcess(dataDir, NOBODY);
    await readyConnection(own);
    await own.end('SIGTERM');
    expect(await query((await start()).connection, 'SELECT 1')).toEqual([1]);
  });
});

function findPartial(): string {
  const name = existsSync(dataDir) && readdirSync(dataDir).find((entry) => entry.endsWith('.partial'));
  return join(dataDir, name || 'none');
}

/** The shells that wait to signal a pid. */
function listWatchersOf(pid: number): readonly number[] {
  return listProcesses((command) => command.includes('read -r _') && command.endsWith(` ${pid} `));
}

function listProcesses(isWanted: (command: string) => boolean): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => isWanted(findProcessCommand(pid) ?? ''));
}
