import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout under test. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** The command line of the built CLI. */
export const optimusCommand: readonly [string, string] = [
  process.execPath,
  path.join(checkout, 'apps/cli/bin/optimus.mjs'),
];

/**
 * A temporary folder that is the home of everything a journey starts. Its path is unique, so that a process which
 * carries it in its environment or its command line belongs to the journey.
 */
export async function makeStageFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'optimus-e2e-')));
  // PostgreSQL runs as another account when the tests run as root, and must be able to pass through.
  await chmod(folder, 0o711);
  return folder;
}

/** The environment of everything on a stage: nothing of the developer's own settings comes along. */
export function toStageEnv(folder: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, LANG, TMPDIR } = process.env;
  const own = { PATH: `${path.dirname(process.execPath)}${path.delimiter}${PATH ?? ''}`, LANG, TMPDIR };
  return { ...own, HOME: folder, ...extra };
}

export async function removeStageFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
