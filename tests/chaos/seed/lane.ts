import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cluster } from '../stage/cluster.ts';

/** A PostgreSQL on which one seed runs after the other. */
export interface Lane {
  readonly cluster: Cluster;
  close(): Promise<void>;
}

/** Starts a PostgreSQL in a temporary folder. */
export async function openLane(): Promise<Lane> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'optimus-chaos-')));
  // PostgreSQL runs as another account when this runs as root, and must be able to pass through.
  await chmod(folder, 0o711);
  const cluster = new Cluster(path.join(folder, 'postgres'));
  await cluster.start();
  return {
    cluster,
    async close() {
      await cluster.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
