import path from 'node:path';
import type { Log, PluginInfo } from '@optimus/domain';
import {
  type DiscoveredPlugin,
  discoverDescriptions,
  discoverPlugins,
} from '../discovery/discover-plugins.ts';
import type { Platform } from '../discovery/platform.ts';
import {
  type DirectoryOptions,
  listDescriptionDirectories,
  listPluginDirectories,
} from '../discovery/plugin-directories.ts';
import type { Reattachment } from '../discovery/reattach.ts';
import { SupervisedPlugin, type SupervisionOptions } from '../supervision/supervised-plugin.ts';
import type { CatalogPlugin } from './catalog-plugin.ts';
import { FilePlugin, type ParseResources } from './file-plugin.ts';
import type { ModCalls } from './mod-calls.ts';
import { ProgramPlugin } from './program-plugin.ts';

export interface PluginSetOptions {
  readonly places: DirectoryOptions;
  readonly platform: Platform;
  readonly startOptions: Omit<SupervisionOptions, 'reattach' | 'describe'>;
  readonly reattachments: ReadonlyMap<string, Reattachment>;
  readonly calls: ModCalls;
  readonly log: Log;
  readonly parseResources?: ParseResources;
}

/**
 * The plugins that the directories hold now, in order of precedence. Those of `previous` whose files have not changed
 * are kept as they are, with their processes.
 */
export function findPlugins(
  options: PluginSetOptions,
  previous: ReadonlyArray<CatalogPlugin>,
): ReadonlyArray<CatalogPlugin> {
  const programs = listPrograms(options);
  const descriptions = discoverDescriptions(listDescriptionDirectories(options.places));
  const kept = new Map(
    previous.filter((plugin) => plugin.isCurrent()).map((plugin) => [keyOf(plugin), plugin]),
  );
  const files = new Map(descriptions.map((file) => [file.name, createFilePlugin(file, options)]));
  const made = programs.map((file) => createProgramPlugin(file, files.get(file.name), options));
  const programNames = new Set(programs.map(({ name }) => name));
  const alone = [...files.values()].filter(({ file }) => !programNames.has(file.name));
  return [...made, ...alone].map((plugin) => kept.get(keyOf(plugin)) ?? introduce(plugin, options));
}

/** Files and what they hide, so that a listing changes with them. */
function keyOf({ file, madeFrom }: CatalogPlugin): string {
  return JSON.stringify([madeFrom, file.shadows]);
}

/** A plugin that runs already takes the place of the file of its name. */
function listPrograms({
  places,
  platform,
  reattachments,
}: PluginSetOptions): ReadonlyArray<DiscoveredPlugin> {
  const found = discoverPlugins(listPluginDirectories(places), platform);
  const attached = [...reattachments].map(([name, { address }]) => ({
    name,
    path: address,
    version: undefined,
    shadows: found.filter((file) => file.name === name).map((file) => file.path),
  }));
  return [...attached, ...found.filter(({ name }) => !reattachments.has(name))];
}

function createFilePlugin(
  file: DiscoveredPlugin,
  { startOptions, log, parseResources }: PluginSetOptions,
): FilePlugin {
  return new FilePlugin(file, { ...startOptions.vetting, log, ...(parseResources && { parseResources }) });
}

function createProgramPlugin(
  file: DiscoveredPlugin,
  description: FilePlugin | undefined,
  { startOptions, reattachments, calls, log }: PluginSetOptions,
): ProgramPlugin {
  const reattach = reattachments.get(file.name);
  const describe = (): PluginInfo | undefined => description?.describe().infos[0];
  const program = new SupervisedPlugin(file, { ...startOptions, reattach, describe }, log);
  return new ProgramPlugin(program, calls, description);
}

/** Whoever checks out a folder with a plugin in it and runs a command there runs that plugin: they should know. */
function introduce(plugin: CatalogPlugin, { places, log }: PluginSetOptions): CatalogPlugin {
  const { name, path: file } = plugin.file;
  if (path.dirname(file) === path.resolve(places.cwd)) {
    log.info('plugin found in the current directory', { plugin: name, path: file });
  }
  return plugin;
}
