import { status } from '@grpc/grpc-js';
import { type Log, OptimusError, type PluginInfo, toErrorMessage } from '@optimus/domain';
import { GRPCController } from '@optimus/proto/go-plugin';
import { createTlsIdentity, type TlsIdentity } from '@optimus/proto/go-plugin-tls';
import { Health, HealthCheckResponse_ServingStatus } from '@optimus/proto/grpc';
import { BaseService, largeRequests, type PluginInfoResponse } from '@optimus/proto/plugins';
import { isServiceError, isStatus } from '../connection/call-failure.ts';
import { type Dialect, listCandidateDialects } from '../connection/dialect.ts';
import { type DrainedOutput, drainOutput } from '../connection/drain-output.ts';
import { listServices } from '../connection/list-services.ts';
import { PluginConnection } from '../connection/plugin-connection.ts';
import { fromPluginInfo } from '../connection/plugin-info.ts';
import type { Reattachment } from '../discovery/reattach.ts';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';
import { AttachedProcess } from '../process/attached-process.ts';
import { awaitHandshake, createEarlyExit, createSpawnFailure } from '../process/await-handshake.ts';
import { createChildEnvironment } from '../process/child-environment.ts';
import type { Handshake } from '../process/handshake.ts';
import { PluginProcess, type ProcessWatch } from '../process/plugin-process.ts';
import type { PluginDirectory, RuntimeDirectory } from '../process/runtime-directory.ts';
import { assertChecksum, type Checksums } from '../vetting/checksum.ts';
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
  /** Encrypts the connection; both ends prove who they are. */
  readonly autoMtls: boolean;
  readonly checksums: Checksums;
  /** The plugin runs already. */
  readonly reattach?: Reattachment | undefined;
  /** What a YAML file says of the plugin, for programs that tell but their name. */
  readonly describe: () => PluginInfo | undefined;
  readonly signal: AbortSignal;
}

/** A plugin that has said who it is and takes calls. */
export interface RunningPlugin {
  readonly process: ProcessWatch;
  readonly connection: PluginConnection;
  readonly dialect: Dialect;
  readonly info: PluginInfo;
  /** What the info was made of; absent for a program that tells but its name. */
  readonly answer: PluginInfoResponse | undefined;
  /** Absent when another program started the plugin, which then ends it as well. */
  readonly directory: PluginDirectory | undefined;
  /** The largest request it takes, in bytes. */
  readonly requestLimitBytes: number;
  readonly output: DrainedOutput;
}

type Introduction = Pick<RunningPlugin, 'dialect' | 'info' | 'answer' | 'requestLimitBytes'>;
type Connected = Pick<RunningPlugin, 'connection' | 'output'>;

/** What gRPC servers take unless they are told otherwise, those of Go plugins among them. */
const usualRequestLimitBytes = 4 * 1024 * 1024;

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
  const { plugin, log, reattach } = options;
  if (reattach !== undefined) return attachPlugin(reattach, options);
  const file = await vet(options);
  const identity = options.autoMtls ? createTlsIdentity() : undefined;
  const directory = options.runtimeDirectory.createPluginDirectory();
  const env = createChildEnvironment(options.env, directory.path, identity?.certificate);
  const process = new PluginProcess({ file, env, log });
  if (process.pid !== undefined) directory.recordProcess(process.pid);
  try {
    const connected = await connect(process, identity, options);
    return { process, directory, ...connected, ...(await introduce(connected.connection, options)) };
  } catch (error) {
    const exit = isStatus(error, status.UNAVAILABLE) ? await process.waitForExit(exitGraceMs) : undefined;
    await process.kill();
    directory.remove();
    throw exit === undefined ? toStartFailure(error, plugin) : createEarlyExit(process, plugin, exit);
  }
}

/**
 * Makes sure that the file may be run, and is the one that was pinned. Returns the path to run.
 * @throws OptimusError `PLUGIN_UNUSABLE`
 */
export async function vet({
  plugin,
  vetting,
  checksums,
}: Pick<StartOptions, 'plugin' | 'vetting' | 'checksums'>): Promise<string> {
  try {
    const file = vetPluginFile(plugin, vetting);
    await assertChecksum(plugin, file, checksums);
    return file;
  } catch (error) {
    throw error instanceof OptimusError ? error : createSpawnFailure(plugin, error);
  }
}

async function connect(
  process: PluginProcess,
  identity: TlsIdentity | undefined,
  { plugin, startTimeoutMs, signal, log }: StartOptions,
): Promise<Connected> {
  const handshake = await awaitHandshake(process, plugin, { timeoutMs: startTimeoutMs, signal });
  assertSameSecurity(handshake, identity, plugin);
  const connection = new PluginConnection(handshake, identity);
  return { connection, output: drainOutput(connection, log) };
}

/** Found at the first call, the difference would look like a broken connection. */
function assertSameSecurity(
  { certificate }: Handshake,
  identity: TlsIdentity | undefined,
  plugin: PluginIdentity,
): void {
  if ((certificate === undefined) === (identity === undefined)) return;
  throw identity === undefined
    ? createUnusable(plugin, 'speaks TLS although it was not told to')
    : createUnusable(plugin, 'does not support AutoMTLS', {
        hint: 'update it, or set plugin.auto_mtls: false',
      });
}

/** Connects to a plugin that another program has started, for debugging. */
async function attachPlugin(
  { pid, network, address }: Reattachment,
  options: StartOptions,
): Promise<RunningPlugin> {
  const connection = new PluginConnection({ appVersion: 1, network, address, certificate: undefined });
  try {
    const output = drainOutput(connection, options.log);
    const introduction = await introduce(connection, options);
    const process = new AttachedProcess(pid);
    return { process, connection, output, directory: undefined, ...introduction };
  } catch (error) {
    throw toStartFailure(error, options.plugin);
  }
}

/** Closes the connection when the plugin turns out not to be usable. */
async function introduce(connection: PluginConnection, options: StartOptions): Promise<Introduction> {
  try {
    // Together: one round trip less is a good part of the start of a fast plugin. Listing never fails.
    const [services] = await Promise.all([listServices(connection), assertHealthy(connection, options)]);
    return await askWho(connection, services, options);
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
  services: ReadonlyArray<string> | undefined,
  options: StartOptions,
): Promise<Introduction> {
  const { plugin } = options;
  for (const dialect of listCandidateDialects(services)) {
    const answer = await askInfo(connection, dialect);
    if (answer !== undefined) return toIntroduction(answer, dialect, options);
  }
  const found = services === undefined ? 'it does not list its services' : `it serves ${services.join(', ')}`;
  throw createUnusable(plugin, `speaks no known Optimus plugin API (${found})`);
}

function toIntroduction(answer: PluginInfoResponse, dialect: Dialect, options: StartOptions): Introduction {
  const { plugin, log, describe } = options;
  const requestLimitBytes = answer.apiVersion.includes(largeRequests)
    ? Number.POSITIVE_INFINITY
    : usualRequestLimitBytes;
  if (dialect.base !== undefined)
    return { dialect, requestLimitBytes, answer, info: fromPluginInfo(answer, plugin, log) };
  const info = toResolverInfo(answer.name, describe(), plugin);
  return { dialect, requestLimitBytes, answer: undefined, info };
}

/** A program that tells but its name is described by a YAML file of the same name. */
function toResolverInfo(
  name: string,
  description: PluginInfo | undefined,
  plugin: PluginIdentity,
): PluginInfo {
  if (description?.name === name) return { ...description, mods: ['cli', 'dependencyresolver'] };
  throw createUnusable(plugin, `tells its name, "${name}", but neither type nor image`, {
    hint: `put optimus-plugin-${name}.yaml beside it`,
  });
}

/**
 * Undefined when the plugin does not speak the dialect. Where there is no PluginInfo, the answer of GetName has the
 * same first field, and no other.
 */
async function askInfo(
  connection: PluginConnection,
  { base, dependencyResolver }: Dialect,
): Promise<PluginInfoResponse | undefined> {
  const method = BaseService.method.pluginInfo;
  const target =
    base === undefined ? { servedAs: dependencyResolver, calledAs: 'GetName' } : { servedAs: base };
  try {
    return await connection.call({ method, ...target, request: {}, timeoutMs: infoTimeoutMs });
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
export async function stopPlugin(
  { process, connection, directory }: Pick<RunningPlugin, 'process' | 'connection' | 'directory'>,
  log: Log,
): Promise<void> {
  if (directory === undefined) {
    connection.close();
    return process.kill();
  }
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

async function forceExit(process: ProcessWatch, log: Log): Promise<void> {
  process.signal('SIGTERM');
  if (await process.waitForExit(terminateGraceMs)) return;
  log.debug('had to be killed');
  await process.kill();
}
