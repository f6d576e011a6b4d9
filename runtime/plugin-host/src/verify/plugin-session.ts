import { SILENT_LOG } from '@optimus/domain';
import { createTlsIdentity, type TlsIdentity } from '@optimus/proto/go-plugin-tls';
import { type DrainedOutput, drainOutput } from '../connection/drain-output.ts';
import { PluginConnection } from '../connection/plugin-connection.ts';
import type { PluginIdentity } from '../plugin-failure.ts';
import { awaitHandshake } from '../process/await-handshake.ts';
import { createChildEnvironment } from '../process/child-environment.ts';
import type { Handshake } from '../process/handshake.ts';
import { PluginProcess } from '../process/plugin-process.ts';
import type { PluginDirectory, RuntimeDirectory } from '../process/runtime-directory.ts';
import { stopPlugin } from '../supervision/running-plugin.ts';

/** What every process of the plugin under test is started with. */
export interface LaunchOptions {
  readonly plugin: PluginIdentity;
  /** The vetted file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtimeDirectory: RuntimeDirectory;
  readonly startTimeoutMs: number;
}

/** How one process differs from what a host would start. */
export interface LaunchChange {
  readonly identity?: TlsIdentity;
  /** Variables to set, or with undefined to leave out. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A process of the plugin that has not been asked anything yet. */
export interface LaunchedProcess {
  readonly process: PluginProcess;
  readonly directory: PluginDirectory;
}

/** Starts the program as a host does, but for the change. */
export function launch(
  options: LaunchOptions,
  { identity, variables = {} }: LaunchChange = {},
): LaunchedProcess {
  const directory = options.runtimeDirectory.createPluginDirectory();
  const env = createLaunchEnvironment(options, directory, { ...(identity && { identity }), variables });
  const process = new PluginProcess({ file: options.file, env, log: SILENT_LOG });
  if (process.pid !== undefined) directory.recordProcess(process.pid);
  return { process, directory };
}

export function createLaunchEnvironment(
  { env }: LaunchOptions,
  directory: PluginDirectory,
  { identity, variables = {} }: LaunchChange,
): Record<string, string> {
  const usual = createChildEnvironment(env, directory.path, identity?.certificate);
  const entries = Object.entries({ ...usual, ...variables });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A plugin that runs and has shaken hands. */
export class PluginSession {
  readonly process: PluginProcess;
  readonly connection: PluginConnection;
  readonly handshake: Handshake;
  readonly output: DrainedOutput;
  readonly #directory: PluginDirectory;

  private constructor({ process, directory }: LaunchedProcess, handshake: Handshake, identity?: TlsIdentity) {
    this.process = process;
    this.#directory = directory;
    this.handshake = handshake;
    this.connection = new PluginConnection(handshake, identity);
    this.output = drainOutput(this.connection, SILENT_LOG);
  }

  /** @throws OptimusError `PLUGIN_UNUSABLE` when it does not shake hands */
  static async open(options: LaunchOptions, change: LaunchChange = {}): Promise<PluginSession> {
    const launched = launch(options, change);
    try {
      const { plugin, startTimeoutMs } = options;
      const signal = new AbortController().signal;
      const handshake = await awaitHandshake(launched.process, plugin, { timeoutMs: startTimeoutMs, signal });
      return new PluginSession(launched, handshake, change.identity);
    } catch (error) {
      await endLaunched(launched);
      throw error;
    }
  }

  get isAlive(): boolean {
    return this.process.exit === undefined;
  }

  /** Asks it to end, then makes it. Safe to call twice. */
  async close(): Promise<void> {
    const { process, connection } = this;
    await stopPlugin({ process, connection, directory: this.#directory }, SILENT_LOG);
  }
}

/** Ends a process that was never connected to. */
export async function endLaunched({ process, directory }: LaunchedProcess): Promise<void> {
  await process.kill();
  directory.remove();
}

/** A stranger to the plugin: nobody it has exchanged certificates with. */
export function createStranger(handshake: Handshake, security: 'none' | 'tls'): PluginConnection {
  if (security === 'none') return new PluginConnection({ ...handshake, certificate: undefined });
  return new PluginConnection(handshake, createTlsIdentity());
}
