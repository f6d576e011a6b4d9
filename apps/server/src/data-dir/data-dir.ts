import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { acquireDirectoryLock } from '@optimus/store';
import { createOnce } from './create-once.ts';

/** The server's folder on disk, held by this process alone until released. */
export interface DataDir {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Names this folder for ever: attempts started from it are found again by the next server on it. */
  readonly hostId: string;
  /** The key of the embedded database's secrets, made at the first call. */
  readAppKey(): Promise<string>;
  release(): Promise<void>;
}

/** Takes the folder, which is made when missing. @throws OptimusError `DATA_DIR_IN_USE`, `PRECONDITION_FAILED` when it cannot be written */
export async function openDataDir(wanted: string): Promise<DataDir> {
  const path = await makeFolder(wanted).catch((thrown: unknown) => {
    throw toUnusable(wanted, thrown);
  });
  const lock = await acquireDirectoryLock(path);
  const hostId = await createOnce(join(path, 'host_id'), nameHost);
  return {
    path,
    hostId,
    readAppKey: () => createOnce(join(path, 'app_key'), () => randomBytes(48).toString('base64url')),
    release: () => lock.release(),
  };
}

/** Begins with the name that people know the machine by; data directories that were made before have a mere number. */
function nameHost(): string {
  const name = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 64);
  return `${name}-${randomUUID().slice(0, 8)}`;
}

/** Under root the embedded database runs as another user and must pass through; each thing inside guards itself. */
async function makeFolder(wanted: string): Promise<string> {
  if (!existsSync(wanted)) {
    await makeFolders(wanted);
    await chmod(wanted, process.geteuid?.() === 0 ? 0o711 : 0o700);
  }
  return realpath(wanted);
}

/** One folder after the other: where a file system takes none, below /proc for example, making all at once never ends. */
async function makeFolders(wanted: string): Promise<void> {
  if (existsSync(wanted)) return;
  await makeFolders(dirname(wanted));
  await mkdir(wanted).catch((thrown: unknown) => {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  });
}

function toUnusable(path: string, thrown: unknown): OptimusError {
  return new OptimusError('PRECONDITION_FAILED', {
    message: `the data directory ${path} cannot be used: ${toErrorMessage(thrown)}`,
    hint: 'give a folder that this user may write with serve.data_dir',
    fields: { directory: path },
    cause: thrown,
  });
}
