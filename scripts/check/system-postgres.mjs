import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * @typedef {{ uid: number, gid: number } | undefined} Account
 *
 * @typedef {object} SystemPostgres a PostgreSQL of this machine that is not the embedded one
 * @property {number} version its major version
 * @property {string} bin folder of its programs
 *
 * @typedef {object} RunningPostgres
 * @property {string} dsn with the right to make databases
 * @property {() => Promise<void>} stop ends it and removes its files
 */

/** Where Debian puts them: `<folder>/<version>/bin`. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/**
 * The oldest one: what runs there runs on the later ones.
 *
 * @param {string} [folder]
 * @returns {Promise<SystemPostgres | undefined>}
 */
export async function findSystemPostgres(folder = DEBIAN_FOLDER) {
  const names = await readdir(folder).catch(() => []);
  const [version] = names
    .map(Number)
    .filter(Number.isInteger)
    .toSorted((a, b) => a - b);
  return version === undefined ? undefined : { version, bin: path.join(folder, `${version}`, 'bin') };
}

/**
 * Starts a cluster of its own in a temporary folder, on a free port. PostgreSQL refuses to run as root: there it runs as `nobody`.
 *
 * @param {SystemPostgres} postgres
 * @returns {Promise<RunningPostgres>} rejects with what it said when it does not start
 */
export async function startSystemPostgres({ bin }) {
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'optimus-postgres-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    if (account) await chown(folder, account.uid, account.gid);
    const password = randomBytes(12).toString('hex');
    await initialize({ bin, folder, password, account });
    const port = await findFreePort();
    const stop = await start({ bin, folder, port, account });
    const dsn = `postgres://optimus:${password}@127.0.0.1:${port}/postgres`;
    return { dsn, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @param {{ bin: string, folder: string, password: string, account: Account }} cluster */
async function initialize({ bin, folder, password, account }) {
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const flags = ['--username=optimus', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'];
  const encoding = ['--encoding=UTF8', '--locale=C'];
  const initdb = launch(path.join(bin, 'initdb'), ['-D', path.join(folder, 'data'), ...flags, ...encoding], {
    cwd: folder,
    account,
  });
  const [output, [code]] = await Promise.all([initdb.output, once(initdb.child, 'exit')]);
  if (code !== 0) throw new Error(output);
}

/** @param {{ bin: string, folder: string, port: number, account: Account }} cluster */
async function start({ bin, folder, port, account }) {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ];
  const { child, output } = launch(
    path.join(bin, 'postgres'),
    ['-D', path.join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: folder, account },
  );
  const ended = once(child, 'exit');
  await Promise.race([awaitReady(child), ended.then(async () => Promise.reject(new Error(await output)))]);
  // Were the check killed, nobody else would end it.
  const kill = () => child.kill('SIGQUIT');
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    child.kill('SIGINT');
    await ended;
  };
}

/** @param {import('node:child_process').ChildProcess} child */
function awaitReady({ stderr }) {
  return new Promise((resolve) => {
    stderr?.on('data', (/** @type {Buffer} */ piece) => {
      if (piece.includes('ready to accept connections')) resolve(undefined);
    });
  });
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, account: Account }} where
 */
function launch(program, args, { cwd, account }) {
  const child = spawn(program, args, {
    cwd,
    // The phrases that are waited for are English.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
  child.once('error', () => undefined);
  return { child, output: text(child.stderr) };
}

async function findFreePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
