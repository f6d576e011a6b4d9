import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Log, OptimusError } from '@optimus/domain';
import { ensureCluster } from './cluster-initialiser.ts';
import { type ClusterLocation, locateCluster, makeSocketFolder } from './cluster-location.ts';
import { assertOwnCluster } from './cluster-owner.ts';
import { acquireDirectoryLock, type DirectoryLock } from './directory-lock.ts';
import { getBundledPostgres, prepareInstallation } from './postgres-installation.ts';
import {
  type EmbeddedConnection,
  type Endpoint,
  toEmbeddedConnection,
  toPostgresArgs,
} from './postgres-settings.ts';
import { Postmaster } from './postmaster.ts';
import { stopOrphan } from './postmaster-file.ts';

/** What an embedded server needs. */
export interface EmbeddedPostgresOptions {
  /** Made when missing; holds nothing but the database, its log and its lock. */
  readonly dataDir: string;
  readonly log: Log;
  /** Aborts a start; no process is left then. */
  readonly signal?: AbortSignal;
  /** Folder with `bin`, `lib` and `share` of the PostgreSQL to run; default: the bundled one. */
  readonly native?: string;
}

/** A running embedded server that this process owns. */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /** Resolves with `DATABASE_UNAVAILABLE` when the server ends without {@link stop}; never resolves otherwise. */
  readonly died: Promise<OptimusError>;
  /** Ends the server and gives the data directory up. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the bundled PostgreSQL on a data directory of its own, which it makes at the first start. See DESIGN.md for what
 * happens after each kind of failure.
 * @throws OptimusError `DATA_DIR_IN_USE` when another server uses the directory, `PRECONDITION_FAILED` when PostgreSQL cannot
 * run here, `DATABASE_FAILED` with the server's own words when it does not start, `CANCELLED`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = makeDataDir(options.dataDir);
  const lock = await acquireDirectoryLock(dataDir);
  try {
    const location = locateCluster(dataDir);
    const endpoint = await makeEndpoint(location);
    const postmaster = await startPostmaster(options, location, endpoint);
    return toHandle(postmaster, { lock, endpoint, dataDir });
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

/**
 * Removes a data directory and the database that belongs to it, wherever that lies.
 * @throws OptimusError `DATA_DIR_IN_USE` when a server runs on it
 */
export async function removeEmbeddedPostgres(dataDir: string, log: Log): Promise<void> {
  if (!existsSync(dataDir)) return;
  const lock = await acquireDirectoryLock(realpathSync(dataDir));
  const { cluster } = locateCluster(realpathSync(dataDir));
  await stopOrphan(cluster, log);
  rmSync(cluster, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
  await lock.release();
}

async function startPostmaster(
  options: EmbeddedPostgresOptions,
  location: ClusterLocation,
  endpoint: Endpoint,
): Promise<Postmaster> {
  const { log, native = getBundledPostgres(), signal = new AbortController().signal } = options;
  const { cluster, owner, copies } = location;
  const installation = prepareInstallation({ native, owner, copies });
  assertOwnCluster(cluster, owner);
  await stopOrphan(cluster, log);
  await ensureCluster({ location, installation, password: endpoint.password, log, signal });
  const logFile = join(location.dataDir, 'postgres.log');
  const args = toPostgresArgs(cluster, endpoint);
  return await Postmaster.start({
    program: installation.postgres,
    args,
    cluster,
    owner,
    logFile,
    log,
    signal,
  });
}

function toHandle(
  postmaster: Postmaster,
  held: { readonly lock: DirectoryLock; readonly endpoint: Endpoint; readonly dataDir: string },
): EmbeddedPostgres {
  return {
    connection: toEmbeddedConnection(held.endpoint),
    died: postmaster.died.then((how) => diedError(how, held.dataDir)),
    async stop() {
      await postmaster.stop();
      if (held.endpoint.socketFolder !== undefined)
        rmSync(held.endpoint.socketFolder, { recursive: true, force: true });
      await held.lock.release();
    },
  };
}

/** Its mode lets PostgreSQL's account pass through when we are root; each thing inside guards itself. */
function makeDataDir(path: string): string {
  if (!existsSync(path)) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, process.geteuid?.() === 0 ? 0o711 : 0o700);
  }
  return realpathSync(path);
}

async function makeEndpoint(location: ClusterLocation): Promise<Endpoint> {
  if (process.platform !== 'win32')
    return { socketFolder: makeSocketFolder(location), port: 5432, password: undefined };
  return { socketFolder: undefined, port: await findFreePort(), password: ensurePassword(location.dataDir) };
}

function ensurePassword(dataDir: string): string {
  const file = join(dataDir, 'password');
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
  return readFileSync(file, 'utf8');
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function diedError(how: string, dataDir: string): OptimusError {
  return new OptimusError('DATABASE_UNAVAILABLE', {
    message: `the embedded database server ${how}`,
    hint: `see ${join(dataDir, 'postgres.log')}`,
    fields: { directory: dataDir },
  });
}
