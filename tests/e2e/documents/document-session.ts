import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { findProcesses } from '../stage/find-leftovers.ts';
import { type Ended, runCommand } from '../stage/run-command.ts';
import { checkout, makeStageFolder, removeStageFolder, toStageEnv } from '../stage/stage-folder.ts';

/** A shell in which a reader types the commands of a document, one after the other. */
export interface DocumentSession {
  /** Runs a command in the folder in which the one before it ended; its errors are in its output, as on a terminal. */
  type(command: string): Promise<Ended>;
  /** Ends what the reader left running and removes the folder. */
  end(): Promise<void>;
}

/** What a reader has after cloning: everything but the state that a demo leaves there. */
const cloned = ['package.json', '.npmrc', 'node_modules', 'scripts', 'examples', 'apps', 'plugins', 'docs'];

/** Where packages come from is the machine's business, and a cache of them saves the reader's time. */
const packageSettings = {
  npm_config_userconfig: process.env['npm_config_userconfig'] ?? path.join(homedir(), '.npmrc'),
  npm_config_cache: process.env['npm_config_cache'] ?? path.join(homedir(), '.npm'),
  NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'],
  // What npm thinks of the machine's settings is in no document.
  npm_config_loglevel: 'error',
};

/**
 * Opens a session in a folder that looks like the checkout and shares its files, so that a document's commands work
 * as written and the developer's own `.demo/` is left alone.
 */
export async function openSession(): Promise<DocumentSession> {
  const folder = await makeStageFolder();
  const clone = path.join(folder, 'optimus');
  const cwdFile = path.join(folder, 'cwd');
  await mkdir(clone);
  await Promise.all(cloned.map((name) => symlink(path.join(checkout, name), path.join(clone, name))));
  await writeFile(cwdFile, clone);
  const env = toStageEnv(folder, {
    ...packageSettings,
    OPTIMUS_DEMO_HOME: path.join(clone, '.demo'),
    NO_COLOR: '1',
  });
  return {
    async type(command) {
      const script = `exec 2>&1\n${command}\nstatus=$?\npwd > '${cwdFile}'\nexit $status`;
      return runCommand(['/bin/sh', '-c', script], { cwd: (await readFile(cwdFile, 'utf8')).trim(), env });
    },
    async end() {
      const left = await findProcesses(folder);
      for (const { pid } of left) killIfAlive(pid);
      await removeStageFolder(folder);
    },
  };
}

/** A process of the reader's may end by itself between being found and being killed. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
