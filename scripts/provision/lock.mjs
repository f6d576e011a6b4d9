import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const retryMs = 250;
let attempts = 0;

/**
 * Runs a step that at most one process may run at a time; others wait for their turn. A holder that died is passed over.
 *
 * @template T
 * @param {string} lockFile holds the pid of the process whose turn it is
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function withLock(lockFile, step) {
  await mkdir(path.dirname(lockFile), { recursive: true });
  for (let announced = false; !(await tryLock(lockFile)); announced = true) {
    const holder = await readHolder(lockFile);
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

/** @param {string} lockFile */
async function tryLock(lockFile) {
  // Linked into place with the pid inside: a lock without a holder could never be judged.
  const own = `${lockFile}.${process.pid}.${attempts++}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lockFile);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** @param {string} lockFile */
async function readHolder(lockFile) {
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
