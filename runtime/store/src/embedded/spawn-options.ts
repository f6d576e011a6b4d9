import type { SpawnOptions } from 'node:child_process';
import type { ClusterOwner } from './cluster-owner.ts';

/**
 * How every PostgreSQL program is spawned: as the cluster's account, in its own process group so that Ctrl-C in a terminal
 * reaches the server alone, and with an environment in which no stray PG* variable or locale changes what it does.
 */
export function toSpawnOptions(owner: ClusterOwner | undefined): SpawnOptions {
  const { PATH, SystemRoot, TEMP } = process.env;
  const env = {
    ...(PATH && { PATH }),
    ...(SystemRoot && { SystemRoot }),
    ...(TEMP && { TEMP }),
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  const isWindows = process.platform === 'win32';
  return { ...owner, env, cwd: isWindows ? process.cwd() : '/', detached: !isWindows, windowsHide: true };
}
