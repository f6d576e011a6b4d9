import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { OptimusError, SILENT_LOG } from '@optimus/domain';
import { type DatabaseConnection, toClientConfig } from '../database/connection-pool.ts';
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../embedded/embedded-postgres.ts';
import { findProcessStart } from '../embedded/process-identity.ts';

/** Names the PostgreSQL that the tests use: the connection as JSON, for the test processes that this one spawns. */
const SERVER_VARIABLE = 'OPTIMUS_TEST_SERVER';

/** Ends the server of a test run. */
export type StopTestServer = () => Promise<void>;

/**
 * Starts the PostgreSQL that all test files of a run share (vitest's `globalSetup`), unless `OPTIMUS_TEST_DSN` names one.
 * It keeps its data directory between runs, which makes a start take milliseconds; a run that finds it taken by another run
 * uses one of its own.
 */
export default async function startTestServer(): Promise<StopTestServer | undefined> {
  if (process.env['OPTIMUS_TEST_DSN'] !== undefined || process.env[SERVER_VARIABLE] !== undefined)
    return undefined;
  const shared = join(tmpdir(), `optimus-test-database-${process.geteuid?.() ?? 'user'}`);
  const own = `${shared}-${process.pid}`;
  await sweepKilledRuns(shared);
  const server = await start(shared).catch(async (thrown: unknown) => {
    if (!(thrown instanceof OptimusError) || thrown.code !== 'DATA_DIR_IN_USE') throw thrown;
    return await start(own);
  });
  process.env[SERVER_VARIABLE] = JSON.stringify(server.connection);
  return async () => {
    await server.stop();
    await removeEmbeddedPostgres(own, SILENT_LOG);
  };
}

/** How to reach the server of this test run, with the rights to create databases. */
export function getTestServer(): DatabaseConnection {
  const dsn = process.env['OPTIMUS_TEST_DSN'];
  if (dsn !== undefined) return { dsn };
  const connection = process.env[SERVER_VARIABLE];
  if (connection !== undefined) return JSON.parse(connection) as DatabaseConnection;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: 'there is no database server for this test',
    hint: 'name runtime/store/src/testing/test-server.ts in the globalSetup of vitest.config.ts, or set OPTIMUS_TEST_DSN',
  });
}

/** The same server, another database. */
export function toDatabase(server: DatabaseConnection, database: string): DatabaseConnection {
  if (!('dsn' in server)) return { ...server, database };
  const url = new URL(server.dsn);
  url.pathname = `/${database}`;
  return { dsn: url.href };
}

/** The connection as a DSN, for what takes nothing else. */
export function toDsn(connection: DatabaseConnection): string {
  if ('dsn' in connection) return connection.dsn;
  const { host, port, user, database } = connection;
  const { password } = toClientConfig(connection);
  const credentials = typeof password === 'string' ? `${user}:${encodeURIComponent(password)}` : user;
  return `postgres://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** A run that was killed could not remove the data directory that it had for itself. */
async function sweepKilledRuns(shared: string): Promise<void> {
  const prefix = `${basename(shared)}-`;
  for (const name of readdirSync(dirname(shared)).filter((entry) => entry.startsWith(prefix))) {
    const isAlive = findProcessStart(Number(name.slice(prefix.length))) !== undefined;
    if (!isAlive) await removeEmbeddedPostgres(join(dirname(shared), name), SILENT_LOG);
  }
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
}
