import { lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OptimusError } from '@optimus/domain';

/** The account that the PostgreSQL processes run as, when it is not our own. */
export interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY = /^nobody:[^:]*:(-?\d+):(-?\d+):/m;

/**
 * PostgreSQL refuses to run as root, so root hands it to the account that owns the cluster, and a new cluster to `nobody`:
 * the one unprivileged account that every system has (initdb insists on an entry in the user database).
 * Undefined when we are not root: the processes then run as ourselves.
 * @throws OptimusError `PRECONDITION_FAILED` when root finds no such account
 */
export function findClusterOwner(cluster: string): ClusterOwner | undefined {
  if (process.platform === 'win32' || process.geteuid?.() !== 0) return undefined;
  const found = statSync(cluster, { throwIfNoEntry: false });
  return found === undefined || found.uid === 0 ? getNobody() : { uid: found.uid, gid: found.gid };
}

/** Whether an account may pass through every folder of an absolute path; always true for ourselves. */
export function isReachable(path: string, owner: ClusterOwner | undefined): boolean {
  if (owner === undefined) return true;
  const parent = dirname(path);
  const here = statSync(path, { throwIfNoEntry: false });
  // What does not exist yet is made by us, open enough.
  const passable = here === undefined || !here.isDirectory() || mayEnter(here, owner);
  return passable && (parent === path || isReachable(parent, owner));
}

/** @throws OptimusError `PRECONDITION_FAILED` when the cluster belongs to another account than the one we run as */
export function assertOwnCluster(cluster: string, owner: ClusterOwner | undefined): void {
  const uid = owner?.uid ?? process.geteuid?.();
  const found = lstatSync(cluster, { throwIfNoEntry: false });
  if (uid === undefined || found === undefined || found.isSymbolicLink() || found.uid === uid) return;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `the database in ${cluster} belongs to uid ${found.uid}, and this server runs as uid ${uid}`,
    hint: 'start the server as the account that started it first, or give it another serve.data_dir',
    fields: { directory: cluster },
  });
}

function mayEnter(folder: { uid: number; gid: number; mode: number }, owner: ClusterOwner): boolean {
  if (folder.uid === owner.uid) return (folder.mode & 0o100) !== 0;
  return (folder.mode & (folder.gid === owner.gid ? 0o010 : 0o001)) !== 0;
}

function getNobody(): ClusterOwner {
  const entry = NOBODY.exec(readFileSync('/etc/passwd', 'utf8'));
  if (entry !== null) return { uid: Number(entry[1]), gid: Number(entry[2]) };
  throw new OptimusError('PRECONDITION_FAILED', {
    message: 'PostgreSQL refuses to run as root, and /etc/passwd has no account "nobody" to run it as',
    hint: 'start the server as an ordinary user, or point serve.db.dsn at a PostgreSQL of your own',
  });
}
