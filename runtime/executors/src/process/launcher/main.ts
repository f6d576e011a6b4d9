import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateCgroups, type MadeCgroups, makeCgroups } from '../cgroup/make-cgroups.ts';
import { type SpawnedSupervisor, spawnSupervisor } from '../supervisor.ts';
import { openTaskOutput } from '../task-output.ts';
import { layDown } from './lay-down.ts';
import type { LaunchMessage, LaunchRequest, NumberedRequest } from './messages.ts';

// The program that starts processes for a server, and tells it when they end. It stays small, so that they are started quickly, and
// therefore imports next to nothing. What it has started lives on without it; it goes when its server does.

process.on('message', (numbered: NumberedRequest) => void launch(numbered));
process.once('disconnect', () => process.exit(0));

async function launch({ id, request }: NumberedRequest): Promise<void> {
  try {
    if (!layDown(request)) return tell({ kind: 'existed', id });
    const { folders, problems } = bind(request);
    const { child, problem } = await start(request, folders);
    const unlimited = [...problems, problem].filter(Boolean).join('; ');
    const supervisor = readFileSync(join(request.folder.path, 'supervisor'), 'utf8');
    tell({ kind: 'begun', id, supervisor, unlimited });
    const tellEnd = (): void => tell({ kind: 'ended', id });
    if (child.exitCode === null && child.signalCode === null) child.once('exit', tellEnd);
    else tellEnd();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    tell({ kind: 'refused', id, message });
  }
}

function bind({ attemptId, folder, limits, cgroup }: LaunchRequest): MadeCgroups {
  if (!limits) return { folders: [], problems: [] };
  // Attempts are numbered from 1 in every database, and servers of several may share a cgroup.
  const name = `optimus-${attemptId}-${Math.random().toString(36).slice(2, 12)}`;
  return makeCgroups({ limits, places: locateCgroups(cgroup), name, record: join(folder.path, 'cgroup') });
}

async function start(request: LaunchRequest, cgroups: readonly string[]): Promise<SpawnedSupervisor> {
  const output = await openTaskOutput(request);
  const { command, env, folder } = request;
  try {
    return await spawnSupervisor({ command, env, folder: folder.path, cwd: folder.jobDir, output, cgroups });
  } finally {
    await output.close();
  }
}

/** A server that is gone is told nothing: the folder of the attempt says it all. */
function tell(message: LaunchMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, ignoreGone);
}

/** It went while it was told: without this the failure would end the launcher with a stack on its standard error. */
function ignoreGone(): void {}
