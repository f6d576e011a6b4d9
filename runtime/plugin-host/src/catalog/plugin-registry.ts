import { availableParallelism } from 'node:os';
import { type Log, OptimusError, type PluginEntry, type PluginInfo, type PluginKind } from '@optimus/domain';
import type { CatalogPlugin } from './catalog-plugin.ts';

/** A plugin and what it said of itself. */
export interface RegisteredPlugin {
  readonly plugin: CatalogPlugin;
  readonly info: PluginInfo;
}

type Asked =
  | { readonly kind: 'known'; readonly plugin: CatalogPlugin; readonly infos: ReadonlyArray<PluginInfo> }
  | { readonly kind: 'failed'; readonly plugin: CatalogPlugin; readonly error: unknown };

/**
 * Finds plugins by kind and name. A plugin may call itself otherwise than its file does, so only its own word counts;
 * the file that bears the wanted name is asked first, and the others only when it is not the one.
 */
export class PluginRegistry {
  readonly #plugins: ReadonlyArray<CatalogPlugin>;
  readonly #log: Log;

  /** `plugins` in order of precedence: of two with one name the first is used. */
  constructor(plugins: ReadonlyArray<CatalogPlugin>, log: Log) {
    this.#plugins = plugins;
    this.#log = log;
  }

  /** Throws what kept the file of that name from starting, when no other plugin has the name. */
  async find(kind: PluginKind, name: string): Promise<RegisteredPlugin | undefined> {
    const namesake = this.#plugins.find(({ file }) => file.name === name);
    const asked = namesake && (await ask(namesake));
    const own = asked && findCalled(asked, kind, name);
    if (own !== undefined) return own;
    for (const other of await this.#askAll()) {
      const found = findCalled(other, kind, name);
      if (found !== undefined) return found;
    }
    if (asked?.kind === 'failed') throw asked.error;
    return undefined;
  }

  /** Every plugin, the failed ones included, sorted by path. */
  async list(): Promise<ReadonlyArray<PluginEntry>> {
    const entries = (await this.#askAll()).map(toEntry);
    return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Starts every plugin and tells the log how each fared. */
  async startAll(): Promise<void> {
    const asked = await this.#askAll();
    for (const each of asked) this.#report(each);
    this.#warnOfDuplicates(asked);
  }

  #askAll(): Promise<ReadonlyArray<Asked>> {
    return mapLimited(this.#plugins, availableParallelism(), ask);
  }

  #report(asked: Asked): void {
    const { path, shadows } = asked.plugin.file;
    if (asked.kind === 'failed') {
      this.#log.warn('a plugin cannot be used', { reason: describe(asked.error) });
      return;
    }
    const [info] = asked.infos;
    const { name, kind, version } = info ?? {};
    this.#log.info('plugin ready', { plugin: name, kind, version, path });
    if (shadows.length > 0) this.#log.info('plugin files are hidden', { plugin: name, shadows });
  }

  #warnOfDuplicates(asked: ReadonlyArray<Asked>): void {
    const known = asked.flatMap(listRegistered);
    const groups = Map.groupBy(known, ({ info }) => `${info.kind} ${info.name}`);
    for (const [name, [first, ...others]] of groups) {
      if (first === undefined || others.length === 0) continue;
      const unused = others.map(({ plugin }) => plugin.file.path);
      this.#log.warn(`several plugins call themselves ${name}`, { used: first.plugin.file.path, unused });
    }
  }
}

async function ask(plugin: CatalogPlugin): Promise<Asked> {
  try {
    return { kind: 'known', plugin, infos: await plugin.listInfos() };
  } catch (error) {
    return { kind: 'failed', plugin, error };
  }
}

function listRegistered(asked: Asked): ReadonlyArray<RegisteredPlugin> {
  return asked.kind === 'known' ? asked.infos.map((info) => ({ plugin: asked.plugin, info })) : [];
}

function findCalled(asked: Asked, kind: PluginKind, name: string): RegisteredPlugin | undefined {
  return listRegistered(asked).find(({ info }) => info.kind === kind && info.name === name);
}

function toEntry(asked: Asked): PluginEntry {
  const { path, shadows } = asked.plugin.file;
  const [registered] = listRegistered(asked);
  if (registered !== undefined) return { state: 'ready', path, info: registered.info, shadows };
  const reason = asked.kind === 'failed' ? describe(asked.error) : 'it describes no plugin';
  return { state: 'failed', path, reason, shadows };
}

function describe(error: unknown): string {
  if (!(error instanceof OptimusError)) return String(error);
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}

async function mapLimited<T, R>(
  items: ReadonlyArray<T>,
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<ReadonlyArray<R>> {
  const results = new Map<T, R>();
  const waiting = items.values();
  const work = async () => {
    for (const item of waiting) results.set(item, await map(item));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return items.flatMap((item) => results.get(item) ?? []);
}
