import type { Invocation } from '../../command-line/command-spec.ts';
import { printDocument } from '../../output/print-listing.ts';
import { withHost } from '../../plugins/client-plugins.ts';
import { describePlugin } from '../../plugins/describe-plugin.ts';
import { readPluginSettings } from '../../plugins/plugin-settings.ts';

/** `optimus plugin describe`. */
export async function run(invocation: Invocation): Promise<void> {
  const [name = ''] = invocation.args;
  const settings = await readPluginSettings(invocation);
  const document = await withHost(settings, (plugins) => describePlugin(plugins, name, settings));
  await printDocument(invocation, document);
}
