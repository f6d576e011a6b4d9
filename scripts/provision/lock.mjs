import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateFolder } from './repository.mjs';

const lockFile = path.join(stateFolder, 'provision.lock');
const retryMs = 250;

/**
 * Runs a step that at most one process of this checkout may run at a time; others wait for their turn.
 *
 * @template T
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function withProvisionLock(step) {
  await mkdir(stateFolder, { recursive: true });
  for (let announced = false; !(await tryLock()); announced = true) {
    const holder = await readHolder();
    if (holder !== undefined && !isAlive(holder)) await rm(lockFile, { force: true });
    else if (!announced)
      process.stderr.write(`Waiting for process ${holder ?? '?'}, which prepares this checkout …\n`);
    await delay(retryMs);
  }
  try {
    return await step();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function tryLock() {
  try {
    const handle = await open(lockFile, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder() {
  const text = await readFile(lockFile, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
