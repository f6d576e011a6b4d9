import type { PluginCatalog } from '@optimus/domain';
import { createPluginHost, type PluginHostOptions } from '@optimus/plugin-host';
import type { Invocation } from '../command-line/command-spec.ts';
import { readPluginSettings } from './plugin-settings.ts';

/** Runs the action with the plugins installed on this machine; each starts with its first use, and all end after it. */
export async function withPlugins<T>(
  invocation: Invocation,
  act: (plugins: PluginCatalog) => Promise<T>,
): Promise<T> {
  return withHost(await readPluginSettings(invocation), act);
}

/** As {@link withPlugins}, with settings that were read already. */
export async function withHost<T>(
  settings: PluginHostOptions,
  act: (plugins: PluginCatalog) => Promise<T>,
): Promise<T> {
  const host = createPluginHost(settings);
  try {
    return await act(host);
  } finally {
    await host.stop();
  }
}
