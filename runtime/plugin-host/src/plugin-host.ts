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
  type SourceText,
} from '@optimus/domain';
import { AnswerCache } from './answers/answer-cache.ts';
import type { CatalogPlugin } from './catalog/catalog-plugin.ts';
import type { ParseResources } from './catalog/file-plugin.ts';
import { type CallTimeouts, defaultCallTimeouts, ModCalls } from './catalog/mod-calls.ts';
import { PluginRegistry, type RegisteredPlugin } from './catalog/plugin-registry.ts';
import { findPlugins, type PluginSetOptions } from './catalog/plugin-set.ts';
import { DirectoryWatch } from './discovery/directory-watch.ts';
import { type Platform, toPlatform } from './discovery/platform.ts';
import { type DirectoryOptions, listDescriptionDirectories } from './discovery/plugin-directories.ts';
import { parseReattachments, reattachVariable } from './discovery/reattach.ts';
import { RuntimeDirectory } from './process/runtime-directory.ts';
import { ToldSecrets } from './told-secrets.ts';
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
  /** A program that served no call for so long is stopped until the next one; 0: never. Default: one minute. */
  readonly idleTimeoutMs?: number;
  /**
   * A folder, of this user alone, where answers of programs are kept so that a later host need not start them to know
   * them. Default: none is kept.
   */
  readonly answersDir?: string;
  /** Finds what texts read, for plugins whose files name parsers of assets. Default: there are no parsers. */
  readonly parseResources?: ParseResources;
}

/** The installed plugins. `start` is for servers: without it each plugin starts with its first use. */
export interface PluginHost extends PluginCatalog, Service {}

export function createPluginHost(options: PluginHostOptions): PluginHost {
  const told = new ToldSecrets();
  return new SupervisingPluginHost({ ...options, log: told.maskLog(options.log) }, told);
}

class SupervisingPluginHost implements PluginHost {
  readonly name = 'plugin-host';
  readonly #options: PluginHostOptions;
  readonly #platform: Platform = toPlatform(process.platform, process.arch);
  readonly #runtimeDirectory = new RuntimeDirectory();
  readonly #calls: ModCalls;
  readonly #told: ToldSecrets;
  /** Plugins whose files have changed, until their last call has ended. */
  readonly #retiring = new Set<CatalogPlugin>();
  #plugins: ReadonlyArray<CatalogPlugin> | undefined;
  #watch: DirectoryWatch | undefined;

  constructor(options: PluginHostOptions, told: ToldSecrets) {
    this.#options = options;
    this.#told = told;
    this.#calls = new ModCalls({ ...defaultCallTimeouts, ...options.timeouts });
  }

  /**
   * Asks every plugin who it is, unless an earlier host has asked the same file, and from then on those that are installed
   * or replaced while the server runs. One that is slow goes on starting by itself: whoever needs it waits for it, not the
   * server.
   */
  async start(signal: AbortSignal): Promise<void> {
    const stop = () => void this.stop();
    signal.addEventListener('abort', stop, { once: true });
    const started = this.#registry().startAll();
    this.#watch = new DirectoryWatch(listDescriptionDirectories(this.#options), {
      onChange: () => this.#lookAgain(),
      log: this.#options.log,
    });
    await settleWithin(this.#options.startWaitMs ?? 5000, started);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }

  async stop(): Promise<void> {
    this.#watch?.end();
    const all = [...(this.#plugins ?? []), ...this.#retiring];
    await Promise.all(all.map((plugin) => plugin.stop()));
    this.#runtimeDirectory.remove();
  }

  list(): Promise<ReadonlyArray<PluginEntry>> {
    return this.#registry().list();
  }

  async find(kind: PluginKind, name: string): Promise<PluginInfo | undefined> {
    return (await this.#find(kind, name))?.info;
  }

  async getQuestions(
    kind: PluginKind,
    name: string,
    jobName: string,
  ): Promise<ReadonlyArray<PluginQuestion>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : plugin.getQuestions(jobName);
  }

  async findAnswerProblem(kind: PluginKind, name: string, answer: PluginAnswer): Promise<string | undefined> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin && plugin.findAnswerProblem(answer);
  }

  async getDefaultConfig(
    kind: PluginKind,
    name: string,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : plugin.getDefaultConfig(answers);
  }

  async getDefaultAssets(
    kind: PluginKind,
    name: string,
    answers: ReadonlyArray<PluginAnswer>,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? [] : plugin.getDefaultAssets(answers);
  }

  async compileAssets(
    kind: PluginKind,
    name: string,
    request: CompileAssetsRequest,
  ): Promise<ReadonlyArray<NamedValue>> {
    const plugin = await this.#findWith(kind, name, 'cli');
    return plugin === undefined ? request.assets : plugin.compileAssets(request);
  }

  async findDestination(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<string | undefined> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin && this.#told.during(request, () => plugin.findDestination(request));
  }

  async listDependencies(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<ReadonlyArray<string>> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin === undefined ? [] : this.#told.during(request, () => plugin.listDependencies(request));
  }

  async listSourceTexts(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<ReadonlyArray<SourceText> | undefined> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin?.listSourceTexts(request);
  }

  async listAbsentTexts(
    kind: PluginKind,
    name: string,
    request: ResolveRequest,
  ): Promise<ReadonlyArray<string>> {
    const plugin = await this.#findWith(kind, name, 'dependencyresolver');
    return plugin === undefined ? [] : plugin.listAbsentTexts(request);
  }

  /** Undefined when the plugin has not this mod; a plugin that is not there is an error. */
  async #findWith(kind: PluginKind, name: string, mod: PluginMod): Promise<CatalogPlugin | undefined> {
    const { plugin, info } = await this.#get(kind, name);
    return info.mods.includes(mod) ? plugin : undefined;
  }

  async #get(kind: PluginKind, name: string): Promise<RegisteredPlugin> {
    const registered = await this.#find(kind, name);
    if (registered !== undefined) return registered;
    throw new OptimusError('PLUGIN_NOT_FOUND', {
      message: `no ${kind} plugin is called "${name}"`,
      hint: `put optimus-${name}_${this.#platform.os}_${this.#platform.arch} into ~/.optimus/plugins or a directory of plugin.dirs`,
      fields: { kind, name },
    });
  }

  /** Looks again when plugins were replaced meanwhile: the one that was found may be about to end. */
  async #find(kind: PluginKind, name: string): Promise<RegisteredPlugin | undefined> {
    const registry = this.#registry();
    const asked = this.#plugins;
    const found = await registry.find(kind, name).catch((error: unknown) => {
      if (this.#plugins === asked) throw error;
      return undefined;
    });
    return this.#plugins === asked ? found : this.#find(kind, name);
  }

  #registry(): PluginRegistry {
    this.#plugins ??= this.#discover();
    return new PluginRegistry(this.#plugins, this.#options.log);
  }

  /** The first look also clears away what hosts that were killed have left. */
  #discover(): ReadonlyArray<CatalogPlugin> {
    this.#runtimeDirectory.sweep();
    return findPlugins(this.#toSetOptions(), []);
  }

  /** Takes in what was installed or replaced, and lets what is gone end its calls. */
  #lookAgain(): void {
    const before = this.#plugins ?? [];
    this.#plugins = findPlugins(this.#toSetOptions(), before);
    const now = new Set(this.#plugins);
    for (const plugin of before) if (!now.has(plugin)) this.#retire(plugin);
    const known = new Set(before);
    const fresh = this.#plugins.filter((plugin) => !known.has(plugin));
    if (fresh.length > 0) void new PluginRegistry(fresh, this.#options.log).startAll();
  }

  #retire(plugin: CatalogPlugin): void {
    this.#options.log.info('plugin file changed or gone', {
      plugin: plugin.file.name,
      path: plugin.file.path,
    });
    this.#retiring.add(plugin);
    void plugin.retire().finally(() => this.#retiring.delete(plugin));
  }

  #toSetOptions(): PluginSetOptions {
    const {
      log,
      env = process.env,
      startTimeoutMs,
      allowForeignWriters,
      autoMtls,
      checksums,
      idleTimeoutMs,
      answersDir,
    } = this.#options;
    const startOptions = {
      vetting: { platform: this.#platform, allowForeignWriters: allowForeignWriters ?? false },
      env,
      runtimeDirectory: this.#runtimeDirectory,
      startTimeoutMs: startTimeoutMs ?? 60_000,
      autoMtls: autoMtls ?? false,
      checksums: checksums ?? {},
      idleTimeoutMs: idleTimeoutMs ?? 60_000,
      answers: answersDir === undefined ? undefined : new AnswerCache(answersDir, log),
    };
    const reattachments = parseReattachments(env[reattachVariable]);
    return {
      places: this.#options,
      ...(this.#options.parseResources && { parseResources: this.#options.parseResources }),
      platform: this.#platform,
      startOptions,
      reattachments,
      calls: this.#calls,
      log,
    };
  }
}

async function settleWithin(timeoutMs: number, work: Promise<void>): Promise<void> {
  const settled = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: settled.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  settled.abort();
}
