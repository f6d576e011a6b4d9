import { type BaseService, HookType, largeRequests, PluginMod, PluginType } from '@optimus/proto/plugins';
import type { Plugin } from '../plugin.ts';
import { spokenVersions } from '../process/handshake.ts';
import type { UnaryHandlers } from './unary-handlers.ts';

const hookTypes = { pre: HookType.PRE, post: HookType.POST, fail: HookType.FAIL } as const;

/** Serves what the plugin says of itself. */
export function createBaseHandlers(plugin: Plugin): UnaryHandlers<typeof BaseService> {
  const info = {
    name: plugin.name,
    description: plugin.description,
    pluginType: plugin.type === 'task' ? PluginType.TASK : PluginType.HOOK,
    pluginMods: listMods(plugin),
    pluginVersion: plugin.version,
    apiVersion: [...spokenVersions.map(String), largeRequests],
    image: plugin.image,
    dependsOn: plugin.type === 'hook' ? [...(plugin.dependsOn ?? [])] : [],
    hookType: plugin.type === 'hook' ? hookTypes[plugin.hookType] : HookType.UNSPECIFIED,
    secretPath: plugin.secretPath ?? '',
  };
  return { pluginInfo: () => info };
}

function listMods(plugin: Plugin): PluginMod[] {
  return [
    ...(plugin.cli ? [PluginMod.CLI] : []),
    ...(plugin.dependencyResolver ? [PluginMod.DEPENDENCYRESOLVER] : []),
  ];
}
