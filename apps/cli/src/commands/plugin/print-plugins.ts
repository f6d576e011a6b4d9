import type { PluginEntry } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { withPlugins } from '../../plugins/client-plugins.ts';

/** Prints what is installed on this machine; a plugin that does not run is listed with the reason. */
export async function printPlugins(invocation: Invocation): Promise<void> {
  const entries = await withPlugins(invocation, (plugins) => plugins.list());
  await printListing(invocation, {
    rows: entries.map(toRow),
    columns: [
      { title: 'NAME', show: ({ name }) => name },
      { title: 'KIND', show: ({ kind }) => kind },
      { title: 'VERSION', show: ({ version }) => version },
      { title: 'IMAGE', show: ({ image }) => image },
      { title: 'PATH', show: ({ path }) => path },
      { title: 'PROBLEM', show: ({ problem }) => problem },
    ],
    whenEmpty: 'no plugin is installed; put one into ~/.optimus/plugins or name its folder with --plugin-dir',
  });
}

function toRow(entry: PluginEntry) {
  const { path } = entry;
  if (entry.state === 'failed') {
    return { name: '', kind: '', version: '', image: '', path, problem: entry.reason };
  }
  const { name, kind, version, image } = entry.info;
  return { name, kind, version, image, path, problem: '' };
}
