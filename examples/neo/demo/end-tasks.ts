import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Ends the tasks that still run under a data directory. A task outlives its server on purpose, so that a restart
 * loses nothing; a demo that is over wants neither.
 */
export async function endTasks(dataDir: string): Promise<void> {
  const runs = path.join(dataDir, 'runs');
  for (const database of await list(runs)) {
    const attempts = path.join(runs, database, 'attempts');
    for (const id of await list(attempts)) await endTask(path.join(attempts, id));
  }
}

/** The names in a folder; none when there is no such folder. */
function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/** The first line of the file names the leader of the task's process group; a task that has ended has an exit file. */
async function endTask(folder: string): Promise<void> {
  const supervisor = await readFile(path.join(folder, 'supervisor'), 'utf8').catch(() => '');
  const leader = Number(supervisor.split('\n')[0]);
  if (!Number.isSafeInteger(leader) || leader <= 1 || existsSync(path.join(folder, 'exit'))) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
