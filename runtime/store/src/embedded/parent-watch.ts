import { spawn } from 'node:child_process';
import type { Log } from '@optimus/domain';
import type { ClusterOwner } from './cluster-owner.ts';
import { toSpawnOptions } from './spawn-options.ts';

/** Stops watching. */
export type StopWatching = () => void;

/**
 * Interrupts a process (or, below zero, a process group) when this process ends in any way, `kill -9` included: a shell waits on a pipe that only we
 * hold, and the kernel closes it with us. Where there is no shell, the next start stops the orphan instead.
 */
export function watchParent(target: number, owner: ClusterOwner | undefined, log: Log): StopWatching {
  if (process.platform === 'win32') return () => undefined;
  const script = 'read -r _; kill -s INT -- "$1" 2>/dev/null';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(target)], {
    ...toSpawnOptions(owner),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', (error) =>
    log.warn('no shell to end the database server with this one', { error: error.message }),
  );
  watcher.stdin?.on('error', () => undefined);
  watcher.unref();
  // SIGKILL and not the end of its input: that would make it signal a pid which may be somebody else's by now.
  return () => void watcher.kill('SIGKILL');
}
