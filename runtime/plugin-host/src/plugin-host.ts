import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CompileAssetsRequest,
  type Log,
  type NamedValue,
  OptimusError,
  type PluginAnswer,
  type PluginCatalog,
  type PluginEntry,
  type PluginInfo,
  type PluginKind,
  type PluginMod,
  type PluginQuestion,
  type ResolveRequest,
  type Service,
} from '@optimus/domain';
import { type CallTimeouts, defaultCallTimeouts, ModCalls } from './catalog/mod-calls.ts';
import { PluginRegistry, type RegisteredPlugin } from './catalog/plugin-registry.ts';
import { type DiscoveredPlugin, discoverPlugins } from './discovery/discover-plugins.ts';
import { type Platform, toPlatform } from './discovery/platform.ts';
import { type DirectoryOptions, listPluginDirectories } from './discovery/plugin-directories.ts';
import { RuntimeDirectory } from './process/runtime-directory.ts';
import { SupervisedPlugin } from './supervision/supervised-plugin.ts';
import type { Checksums } from './vetting/checksum.ts';

export interface PluginHostOptions extends DirectoryOptions {
  readonly log: Log;
  /** What plugins inherit, except for what is the host's own. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a plugin may take to its handshake. Default: one minute, as go-plugin has it. */
  readonly startTimeoutMs?: number;
  /** How long `start` waits for plugins before it lets the server go on without them. Default: five seconds. */
  readonly startWaitMs?: number;
  readonly timeouts?: Partial<CallTimeouts>;
  /** Runs plugins although other users could have changed them. Default: false. */
  readonly allowForeignWriters?: boolean;
  /** Encrypts connections to plugins and lets no other process in; plugins must support it. Default: false. */
  readonly autoMtls?: boolean;
  /** SHA-256 in hexadecimal by file name: a file that is listed is run only when it matches. Default: none. */
  readonly checksums?: Checksums;
}

/** The installed plugins. `start` is for servers: without it each plugin starts with its first use. */
export interface PluginHost extends PluginCatalog, Service {}

export function createPluginHost(options: PluginHostOptions): PluginHost {
  return new SupervisingPluginHost(options);
}

class SupervisingPluginHost implements PluginHost {
  readonly name = 'plugin-host';
  readonly #options: PluginHostOptions;
  readonly #platform: Platform = toPlatform(process.platform, process.arch);
  readonly #runtimeDirectory = new RuntimeDirectory();
  readonly #calls: ModCalls;
  #plugins: ReadonlyArray<SupervisedPlugin> | undefined;

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#calls = new ModCalls({ ...defaultCallTimeouts, ...options.timeouts });
  }

  /** Starts every plugin. One that is slow goes on starting by itself: whoever needs it waits for it, not the server. */
  async start(signal: AbortSignal): Promise<void> {
    const stop = () => void this.stop();
    signal.addEventListener('abort', stop, { once: true });
    const started = this.#registry().startAll();
    await settleWithin(this.#options.startWaitMs ?? 5000, started);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }

  async stop(): Promise<void> {
    await Promise.all((this.#plugins ?? []).map((plugin) => plugin.stop()));
    this.#runtimeDirectory.remove();
  }

  list(): Promise<ReadonlyArray<PluginEntry>> {
    return this.#registry().list();
  }

  async find(kind: PluginKind, name: string): Promise<PluginInfo | undefined> {
    return (await this.#registry().find(kind, name))?.info;
  }

  async getQuestions(
    kind: PluginKind,
    name: string,
    jobName: string,
  ): Promise<ReadonlyArray<PluginQuestion>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : this.#calls.getQuestions(plugin, jobName);
  }

  async findAnswerProblem(kind: PluginKind, name: string, answer: PluginAnswer): Promise<string | undefined> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin && this.#calls.findAnswerProblem(plugin, answer);
  }

  async getDefaultConfig(
    kind: PluginKind,
    name: string,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : this.#calls.getDefaultConfig(plugin, answers);
  }

  async getDefaultAssets(
    kind: PluginKind,
    name: string,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : this.#calls.getDefaultAssets(plugin, answers);
  }

  async compileAssets(
    kind: PluginKind,
    name: string,
    request: CompileAssetsRequest,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? request.assets : this.#calls.compileAssets(plugin, request);
  }

  async findDestination(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<string | undefined> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin && this.#calls.findDestination(plugin, request);
  }

  async listDependencies(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<ReadonlyArray<string>> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin === undefined ? [] : this.#calls.listDependencies(plugin, request);
  }

  /** Undefined when the plugin has not this mod; a plugin that is not there is an error. */
  async #findWith(kind: PluginKind, name: string, mod: PluginMod): Promise<SupervisedPlugin | undefined> {
    const { plugin, info } = await this.#get(kind, name);
    return info.mods.includes(mod) ? plugin : undefined;
  }

  async #get(kind: PluginKind, name: string): Promise<RegisteredPlugin> {
    const registered = await this.#registry().find(kind, name);
    if (registered !== undefined) return registered;
    throw new OptimusError('PLUGIN_NOT_FOUND', {
      message: `no ${kind} plugin is called "${name}"`,
      hint: `put optimus-${name}_${this.#platform.os}_${this.#platform.arch} into ~/.optimus/plugins or a directory of plugin.dirs`,
      fields: { kind, name },
    });
  }

  #registry(): PluginRegistry {
    this.#plugins ??= this.#discover();
    return new PluginRegistry(this.#plugins, this.#options.log);
  }

  /** The first look also clears away what hosts that were killed have left. */
  #discover(): ReadonlyArray<SupervisedPlugin> {
    this.#runtimeDirectory.sweep();
    const { log, env, startTimeoutMs, allowForeignWriters } = this.#options;
    const startOptions = {
      vetting: { platform: this.#platform, allowForeignWriters: allowForeignWriters ?? false },
      env: env ?? process.env,
      runtimeDirectory: this.#runtimeDirectory,
      startTimeoutMs: startTimeoutMs ?? 60_000,
      autoMtls: this.#options.autoMtls ?? false,
      checksums: this.#options.checksums ?? {},
    };
    const files = discoverPlugins(listPluginDirectories(this.#options), this.#platform);
    for (const file of files) this.#noteIfFromHere(file);
    return files.map((file) => new SupervisedPlugin(file, startOptions, log));
  }

  /** Whoever checks out a folder with a plugin in it and runs a command there runs that plugin: they should know. */
  #noteIfFromHere({ name, path: file }: DiscoveredPlugin): void {
    if (path.dirname(file) !== path.resolve(this.#options.cwd)) return;
    this.#options.log.info('plugin found in the current directory', { plugin: name, path: file });
  }
}

async function settleWithin(timeoutMs: number, work: Promise<void>): Promise<void> {
  const settled = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: settled.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  settled.abort();
}
