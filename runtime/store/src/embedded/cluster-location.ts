import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptimusError } from '@optimus/domain';
import { type ClusterOwner, findClusterOwner, isReachable } from './cluster-owner.ts';

/** Where the pieces of one embedded server live. All paths are absolute. */
export interface ClusterLocation {
  readonly dataDir: string;
  /** The cluster (PGDATA), or the symbolic link to it. */
  readonly entry: string;
  /** The cluster itself: `entry`, unless the account that runs PostgreSQL cannot reach it. */
  readonly cluster: string;
  readonly owner: ClusterOwner | undefined;
  /** Holds a copy of the programs when they cannot run where they are. */
  readonly copies: string;
}

/** Folder of root's clusters and programs whose data directory PostgreSQL's account cannot enter (such as one under /root). */
const SYSTEM_FOLDER = '/var/lib/optimus';

// The kernel's limit on the path of a Unix socket is 104 bytes on macOS and 108 on Linux, with the closing zero.
const SOCKET_PATH_BYTES = 103;

/** Decides where the cluster of a data directory lives, or will. */
export function locateCluster(dataDir: string): ClusterLocation {
  const entry = join(dataDir, 'cluster');
  const elsewhere = findLinked(entry);
  const owner = findClusterOwner(elsewhere ?? entry);
  if (elsewhere !== undefined) return { dataDir, entry, cluster: elsewhere, owner, copies: SYSTEM_FOLDER };
  if (isReachable(dataDir, owner))
    return { dataDir, entry, cluster: entry, owner, copies: owner === undefined ? dataDir : SYSTEM_FOLDER };
  const cluster = join(
    makeFolderElsewhere(dataDir, owner),
    `${toName(dataDir)}.${randomBytes(4).toString('hex')}`,
  );
  return { dataDir, entry, cluster, owner, copies: SYSTEM_FOLDER };
}

/** The private folder of the server's Unix socket: beside the data when its path is short enough, else under the temporary folder. */
export function makeSocketFolder(location: ClusterLocation): string {
  const candidates = [location.dataDir, tmpdir(), '/tmp'].filter((folder) =>
    isReachable(folder, location.owner),
  );
  const paths = candidates.map((folder) =>
    folder === location.dataDir ? join(folder, 'socket') : join(folder, toName(location.dataDir)),
  );
  const path = paths.find((folder) => Buffer.byteLength(`${folder}/.s.PGSQL.5432`) <= SOCKET_PATH_BYTES);
  if (path === undefined) throw socketFolderError(paths.join(', '), 'too long or out of reach');
  if (!existsSync(path)) makePrivateFolder(path, location.owner);
  assertPrivate(path, location.owner);
  return path;
}

/** Makes a folder that only the account of the server can enter. */
export function makePrivateFolder(path: string, owner: ClusterOwner | undefined): void {
  mkdirSync(path, { mode: 0o700 });
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** A short name of a data directory, for what belongs to it in a folder that is not its own. */
export function toName(dataDir: string): string {
  return `optimus-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
}

function findLinked(entry: string): string | undefined {
  const found = lstatSync(entry, { throwIfNoEntry: false });
  if (!found?.isSymbolicLink()) return undefined;
  return existsSync(entry) ? realpathSync(entry) : readlinkSync(entry);
}

/** What was meant to be temporary stays so: the database of a data directory under the temporary folder goes there too. */
function makeFolderElsewhere(dataDir: string, owner: ClusterOwner | undefined): string {
  const temporary = realpathSync(tmpdir());
  if (dataDir.startsWith(`${temporary}/`) && isReachable(temporary, owner)) return temporary;
  try {
    mkdirSync(SYSTEM_FOLDER, { recursive: true });
    chmodSync(SYSTEM_FOLDER, 0o711);
    return SYSTEM_FOLDER;
  } catch (cause) {
    throw new OptimusError('PRECONDITION_FAILED', {
      message: `PostgreSQL cannot run as root, the account "nobody" cannot enter ${dataDir}, and ${SYSTEM_FOLDER} cannot be made`,
      hint: 'choose a serve.data_dir that every user may pass through, or start the server as an ordinary user',
      fields: { directory: dataDir },
      cause,
    });
  }
}

/** Under a shared temporary folder anyone may have made this folder first, to listen in our place. */
function assertPrivate(path: string, owner: ClusterOwner | undefined): void {
  const uid = owner?.uid ?? process.geteuid?.();
  const found = lstatSync(path);
  const isPrivate = found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  if (!isPrivate) throw socketFolderError(path, 'not private to this server');
}

function socketFolderError(path: string, reason: string): OptimusError {
  return new OptimusError('PRECONDITION_FAILED', {
    message: `the folder for the database's socket (${path}) is ${reason}`,
    hint: 'remove it, or set TMPDIR to a folder with a short path',
    fields: { directory: path },
  });
}
