import { constants } from 'node:os';
import { type Log, OptimusError } from '@optimus/domain';
import type { Environment } from './config/config-environment.ts';
import { findUnknownVariables } from './config/config-environment.ts';
import { loadServerConfig } from './config/load-server-config.ts';
import { redactConfig } from './config/redact-config.ts';
import { createPinoLog } from './log/pino-log.ts';
import { serve } from './serve.ts';

/** How a server process is run. */
export interface RunServerOptions {
  /** Given by `--config`. */
  readonly file?: string;
  readonly env: Environment;
  readonly version: string;
}

/**
 * Runs the server as this process until it is told to end: SIGTERM or SIGINT end it in order, a second one at once. Says on standard
 * output when it is ready and logs to standard error. Answers the exit code. @throws OptimusError when it cannot start, or had to end
 */
export async function runServer({ file, env, version }: RunServerOptions): Promise<number> {
  const startedAt = performance.now();
  const loaded = loadServerConfig({ env, ...(file === undefined ? {} : { file }) });
  const log = createPinoLog({ level: loaded.config.log.level });
  for (const warning of findUnknownVariables(env)) log.warn(warning);
  log.info('the configuration in effect', { file: loaded.file, config: redactConfig(loaded.config) });
  using signals = listenForSignals(log);
  try {
    const server = await serve(loaded.config, { log, version, signal: signals.aborted });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const { host, port } = server.address;
    process.stdout.write(`optimus is ready on ${host}:${port} (${seconds} s)\n`);
    const reason = await server.stopped;
    if (reason) throw reason;
    return 0;
  } catch (thrown) {
    if (thrown instanceof OptimusError && thrown.code === 'CANCELLED' && signals.aborted.aborted) return 0;
    throw thrown;
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

function listenForSignals(log: Log) {
  const controller = new AbortController();
  const listen = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[signal]);
    log.info(`stopping on ${signal}; another one ends it at once`);
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    aborted: controller.signal,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
}
