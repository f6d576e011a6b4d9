import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '@optimus/domain';
import { type ClusterLocation, makePrivateFolder, toName } from './cluster-location.ts';
import type { PostgresInstallation } from './postgres-installation.ts';
import { runProgram } from './postgres-program.ts';

/** The one role and the one database of an embedded server. */
export const EMBEDDED_USER = 'optimus';
export const EMBEDDED_DATABASE = 'optimus';

const PARTIAL = /\.[0-9a-f]{8}\.partial$/;

/** What initialising needs. */
export interface Initialisation {
  readonly location: ClusterLocation;
  readonly installation: PostgresInstallation;
  /** Set where the server listens on TCP; elsewhere the private socket's folder is the credential. */
  readonly password: string | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Makes the cluster unless it exists. It is made beside its final place and renamed when it is complete and on disk,
 * so a cluster that exists is whole; what a killed server left half-made is swept first.
 */
export async function ensureCluster(initialisation: Initialisation): Promise<void> {
  const { location, log } = initialisation;
  await sweepPartials(location, log);
  if (existsSync(location.cluster)) return;
  log.info('making a new database', { directory: location.cluster });
  const partial = `${location.cluster}.${randomBytes(4).toString('hex')}.partial`;
  makePrivateFolder(partial, location.owner);
  await initialise(initialisation, partial);
  await publish(location, partial);
}

async function initialise(
  { location, installation, password, log, signal }: Initialisation,
  folder: string,
): Promise<void> {
  const { owner } = location;
  const passwordFile = join(folder, '..', `${basename(folder)}.password`);
  if (password !== undefined) await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    const auth =
      password === undefined ? ['--auth=trust'] : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await runProgram({
      program: installation.initdb,
      args: [...toInitdbArgs(folder), ...auth],
      owner,
      log,
      signal,
    });
    const input = `CREATE DATABASE ${EMBEDDED_DATABASE};\n`;
    await runProgram({
      program: installation.postgres,
      args: ['--single', '-D', folder, 'postgres'],
      owner,
      input,
      log,
      signal,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The built-in C.UTF-8 sorts the same on every platform and never changes under an index, unlike the C library's locales. */
function toInitdbArgs(folder: string): readonly string[] {
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  return ['-D', folder, '-U', EMBEDDED_USER, ...locale, '--no-instructions'];
}

async function publish(location: ClusterLocation, partial: string): Promise<void> {
  // The link comes first: a link to nothing means "not made yet", a cluster without its link would be lost.
  if (location.cluster !== location.entry) await pointTo(location.entry, location.cluster);
  await rename(partial, location.cluster);
  await syncFolder(dirname(location.cluster));
  await syncFolder(location.dataDir);
}

async function pointTo(entry: string, cluster: string): Promise<void> {
  if ((await readlink(entry).catch(() => undefined)) !== cluster) await symlink(cluster, entry);
}

async function sweepPartials(location: ClusterLocation, log: Log): Promise<void> {
  const parent = dirname(location.cluster);
  // Elsewhere the clusters of several data directories lie side by side: sweep those of ours alone.
  const prefix = parent === location.dataDir ? 'cluster' : toName(location.dataDir);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${prefix}.`) && PARTIAL.test(name)) await sweepPartial(join(parent, name), log);
  }
}

async function sweepPartial(path: string, log: Log): Promise<void> {
  log.warn('removing a half-made database', { directory: path });
  // An initdb that outlived its server may still be writing there; it fails once its files are gone.
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Makes a rename in the folder durable. Windows cannot open folders, and needs not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
