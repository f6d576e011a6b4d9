import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSupervisor } from '../supervisor.ts';
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
    const child = await start(request);
    tell({ kind: 'begun', id, supervisor: readFileSync(join(request.folder.path, 'supervisor'), 'utf8') });
    const tellEnd = (): void => tell({ kind: 'ended', id });
    if (child.exitCode === null && child.signalCode === null) child.once('exit', tellEnd);
    else tellEnd();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    tell({ kind: 'refused', id, message });
  }
}

async function start(request: LaunchRequest): Promise<ChildProcess> {
  const output = await openTaskOutput(request);
  const { command, env, folder } = request;
  try {
    return await spawnSupervisor({ command, env, folder: folder.path, cwd: folder.jobDir, output });
  } finally {
    await output.close();
  }
}

/** A server that is gone is told nothing: the folder of the attempt says it all. */
function tell(message: LaunchMessage): void {
  if (process.connected) process.send?.(message);
}
