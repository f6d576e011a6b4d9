import { type Log, OptimusError } from '@optimus/domain';
import { composeServer } from './compose.ts';
import type { ServerConfig } from './config/server-config.ts';
import type { HostAndPort } from './lifecycle/local-address.ts';
import { ServiceStack } from './lifecycle/service-stack.ts';

/** What serving needs besides the configuration. */
export interface ServeOptions {
  readonly log: Log;
  readonly version: string;
  /** Stops the server, also while it starts. */
  readonly signal?: AbortSignal;
}

/** A server that is ready. */
export interface RunningServer {
  /** How programs on this machine reach it. */
  readonly address: HostAndPort;
  /** Resolves when everything is stopped: with nothing when it was asked to, with the reason when it had to. */
  readonly stopped: Promise<OptimusError | undefined>;
  /** Ends calls and services in order. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a server. Resolves when it is ready; when it throws, nothing of it is left. @throws OptimusError */
export async function serve(
  config: ServerConfig,
  { log, version, signal = new AbortController().signal }: ServeOptions,
): Promise<RunningServer> {
  const stack = new ServiceStack(log, signal);
  const { address, broken } = await composeServer(config, { log, version, stack, signal }).catch(
    async (thrown: unknown) => {
      await stack.stop();
      throw signal.aborted ? toCancelled(thrown) : thrown;
    },
  );
  const asked = Promise.withResolvers<undefined>();
  const stopped = Promise.race([asked.promise, broken]).then(async (reason) => {
    await stack.stop();
    return reason;
  });
  const stop = async (): Promise<void> => {
    asked.resolve(undefined);
    await stopped;
  };
  if (signal.aborted) asked.resolve(undefined);
  signal.addEventListener('abort', () => asked.resolve(undefined), { once: true });
  return { address, stopped, stop };
}

function toCancelled(cause: unknown): OptimusError {
  return new OptimusError('CANCELLED', { message: 'the server was stopped while it started', cause });
}
