import { status } from '@grpc/grpc-js';
import { type Log, OptimusError, type PluginInfo, toErrorMessage } from '@optimus/domain';
import { GRPCController } from '@optimus/proto/go-plugin';
import { Health, HealthCheckResponse_ServingStatus } from '@optimus/proto/grpc';
import { BaseService } from '@optimus/proto/plugins';
import { isServiceError, isStatus } from '../connection/call-failure.ts';
import { type Dialect, listCandidateDialects } from '../connection/dialect.ts';
import { drainOutput } from '../connection/drain-output.ts';
import { listServices } from '../connection/list-services.ts';
import { PluginConnection } from '../connection/plugin-connection.ts';
import { fromPluginInfo } from '../connection/plugin-info.ts';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';
import { awaitHandshake, createEarlyExit } from '../process/await-handshake.ts';
import { createChildEnvironment } from '../process/child-environment.ts';
import { PluginProcess } from '../process/plugin-process.ts';
import type { PluginDirectory, RuntimeDirectory } from '../process/runtime-directory.ts';
import { type VettingOptions, vetPluginFile } from '../vetting/vet-plugin-file.ts';

/** What starting a plugin takes. */
export interface StartOptions {
  readonly plugin: PluginIdentity;
  readonly vetting: VettingOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtimeDirectory: RuntimeDirectory;
  readonly log: Log;
  /** From the start of the process to its handshake line. */
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** A plugin that has said who it is and takes calls. */
export interface RunningPlugin {
  readonly process: PluginProcess;
  readonly connection: PluginConnection;
  readonly dialect: Dialect;
  readonly info: PluginInfo;
  readonly directory: PluginDirectory;
}

/** Broken connections are mostly those of a process about to be gone. */
const exitGraceMs = 1000;
const healthTimeoutMs = 5000;
const infoTimeoutMs = 10_000;
/** How long a plugin may take to end by itself, and then by SIGTERM. */
const shutdownGraceMs = 2000;
const terminateGraceMs = 1000;

/**
 * vet → start → handshake → connect → health → dialect → PluginInfo. Nothing is left of a plugin that fails on the way.
 * @throws OptimusError `PLUGIN_UNUSABLE`
 */
export async function startPlugin(options: StartOptions): Promise<RunningPlugin> {
  const { plugin, log } = options;
  const file = vetPluginFile(plugin, options.vetting);
  const directory = options.runtimeDirectory.createPluginDirectory();
  const env = createChildEnvironment(options.env, directory.path);
  const process = new PluginProcess({ file, env, log });
  if (process.pid !== undefined) directory.recordProcess(process.pid);
  try {
    const connection = await connect(process, options);
    return { process, connection, directory, ...(await introduce(connection, options)) };
  } catch (error) {
    const exit = isStatus(error, status.UNAVAILABLE) ? await process.waitForExit(exitGraceMs) : undefined;
    await process.kill();
    directory.remove();
    throw exit === undefined ? toStartFailure(error, plugin) : createEarlyExit(process, plugin, exit);
  }
}

async function connect(
  process: PluginProcess,
  { plugin, startTimeoutMs, signal, log }: StartOptions,
): Promise<PluginConnection> {
  const handshake = await awaitHandshake(process, plugin, { timeoutMs: startTimeoutMs, signal });
  const connection = new PluginConnection(handshake);
  drainOutput(connection, log);
  return connection;
}

/** Closes the connection when the plugin turns out not to be usable. */
async function introduce(
  connection: PluginConnection,
  options: StartOptions,
): Promise<Pick<RunningPlugin, 'dialect' | 'info'>> {
  try {
    await assertHealthy(connection, options);
    return await askWho(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Hosts of old never asked, so a plugin without the service may be a good one. */
async function assertHealthy(connection: PluginConnection, { plugin, log }: StartOptions): Promise<void> {
  const { method, typeName } = Health;
  const request = { service: 'plugin' };
  const call = { method: method.check, servedAs: typeName, request, timeoutMs: healthTimeoutMs };
  try {
    const { status: health } = await connection.call(call);
    if (health === HealthCheckResponse_ServingStatus.SERVING) return;
  } catch (error) {
    if (!isStatus(error, status.UNIMPLEMENTED) && !isStatus(error, status.NOT_FOUND)) throw error;
    log.warn('does not tell its health');
    return;
  }
  throw createUnusable(plugin, 'says that it is not serving');
}

async function askWho(
  connection: PluginConnection,
  { plugin, log }: StartOptions,
): Promise<Pick<RunningPlugin, 'dialect' | 'info'>> {
  const services = await listServices(connection);
  for (const dialect of listCandidateDialects(services)) {
    const answer = await askInfo(connection, dialect);
    if (answer !== undefined) return { dialect, info: fromPluginInfo(answer, plugin, log) };
  }
  const found = services === undefined ? 'it does not list its services' : `it serves ${services.join(', ')}`;
  throw createUnusable(plugin, `speaks no known Optimus plugin API (${found})`);
}

/** Undefined when the plugin does not speak the dialect. */
async function askInfo(connection: PluginConnection, dialect: Dialect) {
  const method = BaseService.method.pluginInfo;
  try {
    return await connection.call({ method, servedAs: dialect.base, request: {}, timeoutMs: infoTimeoutMs });
  } catch (error) {
    if (isStatus(error, status.UNIMPLEMENTED)) return undefined;
    throw error;
  }
}

/** Whatever goes wrong before the plugin is known makes it unusable. */
function toStartFailure(error: unknown, plugin: PluginIdentity): OptimusError {
  if (error instanceof OptimusError) return error;
  if (isStatus(error, status.DEADLINE_EXCEEDED)) {
    return createUnusable(plugin, 'announced that it listens, but does not answer', { cause: error });
  }
  const details = isServiceError(error) ? error.details : toErrorMessage(error);
  return createUnusable(plugin, `does not say who it is: ${details}`, { cause: error });
}

/** Asks it to end, then makes it: at most three seconds, and no file is left. */
export async function stopPlugin({ process, connection, directory }: RunningPlugin, log: Log): Promise<void> {
  const exited = process.waitForExit(shutdownGraceMs);
  const exit = await Promise.race([
    exited,
    askToEnd(connection).then((asked) => (asked ? exited : undefined)),
  ]);
  connection.close();
  if (exit === undefined) await forceExit(process, log);
  directory.remove();
}

/** False when the plugin cannot be asked. Go plugins drop the connection instead of answering, which is as good. */
async function askToEnd(connection: PluginConnection): Promise<boolean> {
  const { method, typeName: servedAs } = GRPCController;
  const call = { method: method.shutdown, servedAs, request: {}, timeoutMs: shutdownGraceMs };
  return connection.call(call).then(
    () => true,
    (error: unknown) => !isStatus(error, status.UNIMPLEMENTED),
  );
}

async function forceExit(process: PluginProcess, log: Log): Promise<void> {
  process.signal('SIGTERM');
  if (await process.waitForExit(terminateGraceMs)) return;
  log.debug('had to be killed');
  await process.kill();
}
