import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../e2e/stage/run-command.ts';
import { checkout } from '../e2e/stage/stage-folder.ts';

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
  const complete = path.join(folder, 'complete');
  if (existsSync(complete)) return { python };
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  return (await makeEnvironment({ folder, python, requirements })) ?? (await markComplete(complete, python));
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

async function markComplete(file: string, python: string): Promise<PythonEnvironment> {
  await writeFile(file, '');
  return { python };
}

async function succeeds(command: readonly [string, ...string[]]): Promise<boolean> {
  const ended = await runCommand(command, { cwd: checkout, env: process.env }).catch(() => undefined);
  return ended?.code === 0;
}
