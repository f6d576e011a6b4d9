import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findProcesses } from '../../e2e/stage/find-leftovers.ts';
import { listAttemptFolders } from '../faults/task-faults.ts';
import { pollUntil } from '../health/poll.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { toViolations, type Violation } from './history.ts';

const PATIENCE_MS = 15_000;

/** What stopped servers left behind: processes, folders of attempts, files with credentials, files that say that they run. */
export async function findLeftovers(stage: ChaosStage): Promise<readonly Violation[]> {
  let found: readonly string[] = [];
  await pollUntil(async () => {
    found = await listLeftovers(stage);
    return found.length === 0;
  }, PATIENCE_MS);
  return toViolations('broken', 'nothing is left behind', found);
}

async function listLeftovers(stage: ChaosStage): Promise<readonly string[]> {
  const processes = await findProcesses(stage.folder);
  const files: string[] = [];
  for (const { home } of stage.servers) {
    files.push(...(await listAttemptFolders(home)), ...(await listSecretFiles(home)));
    const running = path.join(home, 'server.json');
    if (existsSync(running)) files.push(running);
  }
  return [...processes.map(({ pid, command }) => `process ${pid}: ${command.slice(0, 200)}`), ...files];
}

async function listSecretFiles(home: string): Promise<readonly string[]> {
  const names = await readdir(path.join(home, 'runs'), { recursive: true }).catch(() => []);
  return names.filter((name) => ['.env', '.secret'].includes(path.basename(name)));
}
