import { type DiscoveredPlugin, discoverDescriptions, discoverPlugins } from './discover-plugins.ts';
import type { Platform } from './platform.ts';
import {
  type DirectoryOptions,
  listDescriptionDirectories,
  listPluginDirectories,
} from './plugin-directories.ts';

/** The files that a host of these places would use, programs first, and what each hides. None is run. */
export function findPluginFiles(places: DirectoryOptions, platform: Platform): readonly DiscoveredPlugin[] {
  return [
    ...discoverPlugins(listPluginDirectories(places), platform),
    ...discoverDescriptions(listDescriptionDirectories(places)),
  ];
}
