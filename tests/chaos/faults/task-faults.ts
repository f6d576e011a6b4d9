import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../health/poll.ts';
import type { Fault, KilledProcess } from '../plan/fault.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { type FaultOutcome, lifted, missed } from './fault-outcome.ts';
import { pickServer } from './server-faults.ts';

const PATIENCE_MS = 5_000;

/** Kills what runs at this moment. */
export async function killTasks(stage: ChaosStage, what: KilledProcess): Promise<FaultOutcome> {
  let pids: readonly number[] = [];
  await pollUntil(async () => {
    pids = what === 'launcher' ? listLaunchers(stage) : await listSupervisors(stage);
    return pids.length > 0;
  }, PATIENCE_MS);
  const killed = pids.filter((pid) => kill(what === 'group' ? -pid : pid));
  return killed.length > 0 ? lifted() : missed('nothing ran');
}

/** The disk takes nothing any more, neither output nor exit codes nor files of new attempts. */
export async function fillDisk(
  stage: ChaosStage,
  fault: Extract<Fault, { kind: 'full_disk' }>,
): Promise<FaultOutcome> {
  const { home } = pickServer(stage, fault.server);
  if (!stage.smallDisks.has(home)) return missed('needs root and a file system of limited size');
  const filling = path.join(home, 'runs', 'filling');
  stage.fullDisks.add(home);
  await fill(filling);
  await delay(fault.ms);
  await rm(filling, { force: true });
  return lifted();
}

/** Writes until nothing fits any more, down to the byte. */
async function fill(file: string): Promise<void> {
  for (const size of [1 << 20, 1 << 12, 1]) {
    const piece = Buffer.alloc(size, 'x');
    let isFull = false;
    while (!isFull) await writeFile(file, piece, { flag: 'a' }).catch(() => (isFull = true));
  }
}

function listLaunchers({ servers }: ChaosStage): readonly number[] {
  const parents = servers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  if (parents.length === 0) return [];
  const args = ['-P', parents.join(','), '-f', 'launcher.mjs'];
  return spawnSync('pgrep', args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
}

async function listSupervisors(stage: ChaosStage): Promise<readonly number[]> {
  const found: number[] = [];
  for (const { home } of stage.servers) {
    for (const folder of await listAttemptFolders(home)) {
      const file = path.join(folder, 'supervisor');
      const pid =
        existsSync(file) && !existsSync(path.join(folder, 'exit'))
          ? Number(readFileSync(file, 'utf8').split('\n')[0])
          : 0;
      if (pid > 1) found.push(pid);
    }
  }
  return found;
}

/** The folders of attempts that a server has not cleared away. */
export async function listAttemptFolders(home: string): Promise<readonly string[]> {
  const databases = await readdir(path.join(home, 'runs')).catch(() => []);
  const folders: string[] = [];
  for (const database of databases) {
    const attempts = path.join(home, 'runs', database, 'attempts');
    const ids = await readdir(attempts).catch(() => []);
    folders.push(...ids.map((id) => path.join(attempts, id)));
  }
  return folders;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
