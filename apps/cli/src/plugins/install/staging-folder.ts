import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const prefix = '.optimus-install-';
const ownedName = new RegExp(`^\\${prefix}(\\d+)-`);

/**
 * A folder within the one that is installed into, so that what is ready can be moved in one step. Its name holds the
 * process that made it: what a killed one has left is taken away by the next. Hosts look at no such name.
 */
export async function createStagingFolder(installFolder: string): Promise<string> {
  await mkdir(installFolder, { recursive: true, mode: 0o755 });
  await sweepStagingFolders(installFolder);
  return mkdtemp(path.join(installFolder, `${prefix}${process.pid}-`));
}

async function sweepStagingFolders(installFolder: string): Promise<void> {
  for (const name of await readdir(installFolder)) {
    const pid = ownedName.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(path.join(installFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
