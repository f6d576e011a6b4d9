import { findPluginFiles, thisPlatform } from '@optimus/plugin-host';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { withHost } from '../../plugins/client-plugins.ts';
import { listPluginRows } from '../../plugins/list-plugin-rows.ts';
import { readPluginSettings } from '../../plugins/plugin-settings.ts';

/** Prints what is installed on this machine; a plugin that does not run is listed with the reason. */
export async function printPlugins(invocation: Invocation): Promise<void> {
  const settings = await readPluginSettings(invocation);
  const order = findPluginFiles(settings, thisPlatform).map(({ path }) => path);
  const entries = await withHost(settings, (plugins) => plugins.list());
  await printListing(invocation, {
    rows: listPluginRows(entries, order),
    columns: [
      { title: 'NAME', show: ({ name }) => name },
      { title: 'KIND', show: ({ kind }) => kind },
      { title: 'VERSION', show: ({ version }) => version },
      { title: 'MODS', show: ({ mods }) => mods.join(',') },
      { title: 'IMAGE', show: ({ image }) => image },
      { title: 'STATE', show: ({ state }) => state },
      { title: 'PATH', show: ({ path }) => path },
      { title: 'PROBLEM', show: ({ problem }) => problem },
    ],
    whenEmpty: 'no plugin is installed; add one with: optimus plugin install <file or address>',
  });
}
