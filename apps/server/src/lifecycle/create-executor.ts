import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor, Log } from '@optimus/domain';
import { createDockerExecutor, createProcessExecutor, type ProcessExecutorOptions } from '@optimus/executors';
import type { ServerConfig } from '../config/server-config.ts';

type ExecutorConfig = ServerConfig['executor'];

/** What an executor needs besides its configuration. */
export interface ExecutorPlace {
  /** Where it keeps what it runs, and the logs. */
  readonly runsDir: string;
  /** Identity of the database that the attempts are of. */
  readonly identity: string;
  readonly hostId: string;
  /** Folder of the command, beside which its programs lie. */
  readonly programs: string;
  readonly log: Log;
}

/** The executor of `executor.type`. */
export function createExecutor(config: ExecutorConfig, place: ExecutorPlace): Executor {
  return config.type === 'docker' ? createContainers(config, place) : createProcesses(config, place);
}

/** `host:port` at which a task reaches the server that listens on the address. */
export function toTaskAddress({ type, docker }: ExecutorConfig, address: string): string {
  return type === 'docker' ? (docker.serverAddress ?? address) : address;
}

function createContainers({ docker }: ExecutorConfig, place: ExecutorPlace): Executor {
  const { engine, network, pullPolicy, credentials, maxLogBytes } = docker;
  const { runsDir, identity, hostId, log } = place;
  return createDockerExecutor({
    dataDir: runsDir,
    owner: { database: identity, host: hostId },
    ...(engine !== undefined && { engine }),
    network,
    pullPolicy,
    credentials,
    maxLogBytes,
    log,
  });
}

function createProcesses(
  { process: { images, maxLogBytes, cgroup } }: ExecutorConfig,
  place: ExecutorPlace,
): Executor {
  const { runsDir, programs, log } = place;
  return createProcessExecutor({
    dataDir: runsDir,
    images,
    maxLogBytes,
    ...(cgroup !== undefined && { cgroup }),
    log,
    ...findPrograms(programs),
  });
}

/** What lies beside the command; a server that runs from its sources has its programs there, and no images. */
function findPrograms(
  folder: string,
): Pick<ProcessExecutorOptions, 'logFilter' | 'launcher' | 'bundledImagesDir'> {
  const bundledImagesDir = join(folder, '.optimus', 'executors');
  const [filter, launcher] = [join(folder, 'log-filter.mjs'), join(folder, 'launcher.mjs')];
  if (!existsSync(filter)) return { bundledImagesDir };
  return { bundledImagesDir, logFilter: [process.execPath, filter], launcher: [process.execPath, launcher] };
}
