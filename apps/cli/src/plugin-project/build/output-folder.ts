import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { CHECKSUM_FILE } from './release-files.ts';

/**
 * Has a build write into a folder beside `output`, and puts that in its place once all is well: a build that fails leaves the one
 * before as it was. @throws OptimusError `REQUEST_INVALID` when `output` holds something that no build wrote
 */
export async function replaceFolder<T>(output: string, build: (folder: string) => Promise<T>): Promise<T> {
  await assertReplaceable(output);
  await mkdir(path.dirname(output), { recursive: true });
  const fresh = await mkdtemp(path.join(path.dirname(output), `.${path.basename(output)}-`));
  const old = `${fresh}-old`;
  try {
    const built = await build(fresh);
    await chmod(fresh, 0o777 & ~process.umask());
    await rename(output, old).catch(ignoreMissing);
    await rename(fresh, output);
    return built;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function assertReplaceable(output: string): Promise<void> {
  const names = await readdir(output).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw refused(output, 'it cannot be read as a folder', cause);
  });
  if (names.length > 0 && !names.includes(CHECKSUM_FILE))
    throw refused(output, 'no build has written what is in it');
}

function refused(output: string, reason: string, cause?: unknown): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `${output} is not replaced: ${reason}`,
    hint: 'name an empty or a new folder with --output-dir',
    ...(cause === undefined ? {} : { cause }),
  });
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
