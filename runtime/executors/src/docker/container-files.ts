import { posix } from 'node:path';
import { findAssetNameProblem, OptimusError, toAssetBytes } from '@optimus/domain';
import type { Container } from 'dockerode';
import { extract, type Pack, pack } from 'tar-stream';
import type { FileOwner } from './container-user.ts';
import { isNotFound } from './engine-error.ts';

/** Where a container finds what it works with. Not `/data` and the like: an image may have a volume there, which would hide it. */
export const CONTAINER_JOB_DIR = '/job';

/** What to lay into a container before it starts. */
export interface ContainerFiles {
  /** Path under `$JOB_DIR/in` → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly secretFile?: { readonly path: string; readonly text: string };
}

/**
 * Lays files into a container that has not started, 0600 and its user's. They travel through the engine, so the server's disk never
 * has them and the engine may run on another machine, and they go with the container.
 */
export async function putFiles(
  container: Container,
  owner: FileOwner,
  { files, secretFile }: ContainerFiles,
): Promise<void> {
  const archive = pack();
  for (const folder of listFolders(Object.keys(files))) {
    archive.entry({ ...owner, name: folder, type: 'directory', mode: 0o700 });
  }
  for (const [name, text] of Object.entries(files)) {
    addFile(archive, owner, { name: posix.join(CONTAINER_JOB_DIR, 'in', name), text });
  }
  if (secretFile) addFile(archive, owner, { name: toSecretPath(secretFile.path), text: secretFile.text });
  archive.finalize();
  // podman would give everything to the container's user by itself, Docker by a name of the host's.
  await container.putArchive(archive, { path: '/', copyUIDGID: false, noOverwriteDirNonDir: true });
}

/** A file of a container, running or not; undefined when there is none. */
export async function readContainerFile(container: Container, path: string): Promise<string | undefined> {
  try {
    return await readOnlyEntry(await container.getArchive({ path }));
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** The folder, `in`, and whatever lies in between, outermost first. @throws OptimusError `EXECUTOR_FAILED` */
function listFolders(names: readonly string[]): readonly string[] {
  const inner = names.flatMap((name) => {
    assertRelative(name);
    const parts = name.split('/').slice(0, -1);
    return parts.map((_, index) => posix.join(CONTAINER_JOB_DIR, 'in', ...parts.slice(0, index + 1)));
  });
  return [...new Set([CONTAINER_JOB_DIR, posix.join(CONTAINER_JOB_DIR, 'in'), ...inner])].map(toEntryName);
}

function addFile(
  archive: Pack,
  owner: FileOwner,
  { name, text }: { readonly name: string; readonly text: string },
): void {
  archive.entry({ ...owner, name: toEntryName(name), mode: 0o600 }, toAssetBytes(text));
}

function toEntryName(path: string): string {
  return path.replace(/^\/+/, '');
}

/** `.env` and `.secret` are the executor's to lay down, unlike an asset of that name. */
function assertRelative(name: string): void {
  const problem = name === '.env' || name === '.secret' ? undefined : findAssetNameProblem(name);
  if (problem === undefined) return;
  throw new OptimusError('EXECUTOR_FAILED', { message: `file name ${JSON.stringify(name)} ${problem}` });
}

function toSecretPath(path: string): string {
  if (posix.isAbsolute(path) && posix.normalize(path) === path && !path.endsWith('/')) return path;
  throw new OptimusError('EXECUTOR_FAILED', {
    message: `the plugin wants its secret at ${JSON.stringify(path)}, which is no absolute path of a file`,
    hint: 'have the plugin give a secret path such as /opt/secret/key.json',
  });
}

async function readOnlyEntry(stream: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  const reader = extract();
  reader.on('entry', (_header, content, next) => {
    content.on('data', (chunk: Buffer) => chunks.push(chunk));
    content.on('end', next);
  });
  reader.on('finish', () => resolve(Buffer.concat(chunks).toString()));
  reader.on('error', reject);
  stream.on('error', reject);
  stream.pipe(reader);
  return promise;
}
