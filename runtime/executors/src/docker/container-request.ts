import type { ExecutionRequest } from '@optimus/domain';
import type { ContainerCreateOptions } from 'dockerode';
import { CONTAINER_JOB_DIR } from './container-files.ts';
import { toResourceLimits } from './resource-limits.ts';

/** Whose containers these are, among all that an engine has. */
export interface ContainerOwner {
  /** Identity of the database: attempts are numbered from 1 in each. */
  readonly database: string;
  /** The host that started them: several may use one engine. */
  readonly host: string;
}

/** How every container is made. */
export interface ContainerSettings {
  /** As the engine calls it: `host`, `bridge`, the name of a network. */
  readonly network: string;
  /** How large the log that the server keeps may grow; the engine keeps more. */
  readonly maxLogBytes: number;
}

const LABEL = 'optimus.';

// An engine that begins a new file drops what nobody has read yet: far beyond what the server copies, only the middle is lost, which it
// leaves out anyway.
const ENGINE_LOG_ROOM = 64 * 1024 * 1024;

/** A container is found by its name: an engine gives a name once. */
export function toContainerName({ database }: ContainerOwner, attemptId: string): string {
  return `optimus-${database}-${attemptId}`;
}

/** Labels that all containers of an owner bear, as an engine's filter wants them. */
export function toOwnerFilter({ database, host }: ContainerOwner): readonly string[] {
  return [`${LABEL}database=${database}`, `${LABEL}host=${host}`];
}

/** The attempt that a container belongs to. */
export function findAttemptId(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[`${LABEL}attempt`];
}

/** What the engine is asked to make of a request. */
export function toContainer(
  request: ExecutionRequest,
  owner: ContainerOwner,
  { network, maxLogBytes }: ContainerSettings,
): ContainerCreateOptions {
  const { attemptId, image, entrypoint } = request;
  const own = { attempt: attemptId, database: owner.database, host: owner.host };
  const env = { ...request.env, JOB_DIR: CONTAINER_JOB_DIR };
  return {
    name: toContainerName(owner, attemptId),
    Image: image,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: Object.fromEntries(
      Object.entries({ ...request.labels, ...own }).map(([name, value]) => [`${LABEL}${name}`, value]),
    ),
    ...(entrypoint && { Entrypoint: [entrypoint.shell, '-c'], Cmd: [entrypoint.script] }),
    HostConfig: {
      // Without one, a task would be process 1, which no signal ends that it does not handle, and orphans would pile up.
      Init: true,
      NetworkMode: network,
      // The one driver that every engine can read back from while the container runs, whatever its default is.
      LogConfig: { Type: 'json-file', Config: { 'max-size': toEngineLogSize(maxLogBytes) } },
      ...toResourceLimits(request.resources),
    },
  };
}

function toEngineLogSize(maxLogBytes: number): string {
  return String(2 * maxLogBytes + ENGINE_LOG_ROOM);
}
