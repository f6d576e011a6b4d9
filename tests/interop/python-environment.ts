import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../e2e/stage/run-command.ts';
import { checkout } from '../e2e/stage/stage-folder.ts';
import { buildOnce } from './build-once.ts';

/** The Python executor as the plugin guide writes it. */
export const executorFolder = fileURLToPath(new URL('./neo-executor', import.meta.url));

/** The Python of a virtual environment with the executor's requirements, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

/** Makes the environment once per checkout and list of requirements; later calls find it. */
export async function preparePython(): Promise<PythonEnvironment> {
  const requirements = path.join(executorFolder, 'requirements.txt');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(checkout, '.build', `python-${digest}`);
  const python = path.join(folder, 'bin', 'python');
  return (await buildOnce(folder, () => makeEnvironment({ folder, python, requirements }))) ?? { python };
}

async function makeEnvironment(paths: {
  readonly folder: string;
  readonly python: string;
  readonly requirements: string;
}): Promise<{ readonly missing: string } | undefined> {
  if (!(await succeeds(['python3', '-m', 'venv', paths.folder]))) return { missing: 'python3 with venv' };
  const install = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '-r', paths.requirements];
  return (await succeeds([paths.python, ...install]))
    ? undefined
    : { missing: 'pip, or a package index it can reach' };
}

async function succeeds(command: readonly [string, ...string[]]): Promise<boolean> {
  const ended = await runCommand(command, { cwd: checkout, env: process.env }).catch(() => undefined);
  return ended?.code === 0;
}
