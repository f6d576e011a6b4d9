import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Log, OptimusError } from '@optimus/domain';
import { findProcessCommand, findProcessStart } from './process-identity.ts';

/** What a running server says of itself in its `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  /** `starting`, `ready`, `stopping`; empty before the server has got that far. */
  readonly status: string;
}

/** How long a server may take for a fast shutdown, and then for an immediate one, before it is killed. */
export const FAST_STOP_MS = 10_000;
export const IMMEDIATE_STOP_MS = 5_000;

const POLL_MS = 5;

/** Reads the cluster's `postmaster.pid`; undefined when no server claims the cluster. */
export function findPostmasterFile(cluster: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
}

/**
 * Stops the server that a killed owner left on this cluster, and removes the file of one that died. Call it only while holding
 * the lock of the data directory.
 * @throws OptimusError `DATA_DIR_IN_USE` when the server cannot be signalled
 */
export async function stopOrphan(cluster: string, log: Log): Promise<void> {
  const file = findPostmasterFile(cluster);
  if (file === undefined) return;
  if (!isPostmasterOf(cluster, file.pid)) {
    // The pid may belong to anybody by now, and PostgreSQL would refuse to start as long as that process lives.
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  log.warn('stopping the database server that a killed server left behind', { pid: file.pid });
  await stopProcess(file.pid, cluster);
}

/** Fast shutdown, then immediate, then kill: returns when the process is gone. */
async function stopProcess(pid: number, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', Number.MAX_SAFE_INTEGER],
  ] as const) {
    sendSignal(pid, signal, cluster);
    if (await isGoneWithin(pid, patienceMs)) return;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals, cluster: string): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (findProcessStart(pid) === undefined) return;
    throw new OptimusError('DATA_DIR_IN_USE', {
      message: `the database in ${cluster} is held by process ${pid} of another account, left behind by a killed server`,
      hint: `stop it with: kill -INT ${pid}`,
      fields: { directory: cluster, pid: String(pid) },
      cause,
    });
  }
}

async function isGoneWithin(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    if (findProcessStart(pid) === undefined) return true;
    await delay(POLL_MS);
  }
  return false;
}

/** Removing the file of a living server would let a second one corrupt the cluster, so any doubt counts as "it is". */
function isPostmasterOf(cluster: string, pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  const command = findProcessCommand(pid);
  if (command === undefined || !/postgres|postmaster/.test(command)) return false;
  return isWorkingIn(pid, cluster) ?? true;
}

/** A server's working folder is its cluster, also after that was renamed. Undefined where the platform does not tell. */
function isWorkingIn(pid: number, folder: string): boolean | undefined {
  try {
    const here = statSync(folder);
    const there = statSync(`/proc/${pid}/cwd`);
    return here.ino === there.ino && here.dev === there.dev;
  } catch {
    return undefined;
  }
}
