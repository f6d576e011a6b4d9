import type { HookType, Log, PluginInfo, PluginKind, PluginMod } from '@optimus/domain';
import {
  HookType as HookTypeNumber,
  type PluginInfoResponse,
  PluginMod as PluginModNumber,
  PluginType,
} from '@optimus/proto/plugins';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';

const kinds: ReadonlyMap<number, PluginKind> = new Map([
  [PluginType.TASK, 'task'],
  [PluginType.HOOK, 'hook'],
]);
const mods: ReadonlyMap<number, PluginMod> = new Map([
  [PluginModNumber.CLI, 'cli'],
  [PluginModNumber.DEPENDENCYRESOLVER, 'dependencyresolver'],
]);
const hookTypes: ReadonlyMap<number, HookType> = new Map([
  [HookTypeNumber.PRE, 'pre'],
  [HookTypeNumber.POST, 'post'],
  [HookTypeNumber.FAIL, 'fail'],
]);

/**
 * What the plugin says of itself, checked. A mod that this host does not know is passed over with a warning.
 * @throws OptimusError `PLUGIN_UNUSABLE` when something is missing without which no job could use it
 */
export function fromPluginInfo(message: PluginInfoResponse, plugin: PluginIdentity, log: Log): PluginInfo {
  const kind = kinds.get(message.pluginType);
  assertComplete(message, plugin);
  if (kind === undefined) throw createUnusable(plugin, `reports an unknown type (${message.pluginType})`);
  const hookType = hookTypes.get(message.hookType);
  if (kind === 'hook' && hookType === undefined) {
    throw createUnusable(plugin, 'is a hook but reports no hook type (pre, post or fail)');
  }
  return {
    name: message.name,
    kind,
    description: message.description,
    version: message.pluginVersion,
    mods: message.pluginMods.flatMap((mod) => toMod(mod, log)),
    image: message.image,
    hookType: kind === 'hook' ? hookType : undefined,
    dependsOn: message.dependsOn,
    secretPath: message.secretPath,
  };
}

function assertComplete(message: PluginInfoResponse, plugin: PluginIdentity): void {
  const required = { name: message.name, image: message.image, version: message.pluginVersion };
  const missing = Object.entries(required).flatMap(([field, value]) => (value === '' ? [field] : []));
  if (missing.length > 0) throw createUnusable(plugin, `reports no ${missing.join(', no ')}`);
}

function toMod(mod: number, log: Log): PluginMod[] {
  const known = mods.get(mod);
  if (known !== undefined) return [known];
  log.warn('reports a mod that this host does not know; it is ignored', { mod });
  return [];
}
