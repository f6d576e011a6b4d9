import path from 'node:path';
import { findPluginFiles, type PluginHostOptions, thisPlatform } from '@optimus/plugin-host';
import type { Invocation } from '../../command-line/command-spec.ts';
import { parseChecksumFlag } from '../../plugins/install/checksums.ts';
import { installPlugins } from '../../plugins/install/install-plugins.ts';
import type { PlacedPlugin } from '../../plugins/install/place-plugins.ts';
import { getInstallFolder } from '../../plugins/installed-files.ts';
import { readPluginSettings } from '../../plugins/plugin-settings.ts';

/** `optimus plugin install`. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const checksum = flags.text('checksum');
  const settings = await readPluginSettings(invocation);
  const folder = getInstallFolder(invocation, settings);
  const placed = await installPlugins({
    source: args[0] ?? '',
    cwd: terminal.cwd,
    checksum: checksum === undefined ? undefined : parseChecksumFlag(checksum),
    isInsecure: flags.isSet('insecure'),
    isReplacing: flags.isSet('replace'),
    note: (line) => terminal.note(line),
    folder,
    settings,
  });
  for (const plugin of placed) report(plugin, settings, terminal);
}

function report(plugin: PlacedPlugin, settings: PluginHostOptions, terminal: Invocation['terminal']): void {
  terminal.print(describeOutcome(plugin));
  for (const file of plugin.removed) terminal.print(`removed ${file}`);
  const hidden = describeHiding(plugin.path, settings);
  if (hidden !== undefined) terminal.note(hidden);
}

const outcomes = { installed: 'is installed as', replaced: 'replaces', unchanged: 'is installed already:' };

function describeOutcome({ info, outcome, path: file }: PlacedPlugin): string {
  return `${info.kind} ${info.name} ${info.version} ${outcomes[outcome]} ${file}`;
}

/** An installed plugin that nobody would use is a surprise worth a line. */
function describeHiding(file: string, settings: PluginHostOptions): string | undefined {
  const found = findPluginFiles(settings, thisPlatform);
  if (found.some(({ path: used }) => used === file)) return undefined;
  const hiding = found.find(({ shadows }) => shadows.includes(file));
  if (hiding !== undefined)
    return `it is not used: ${hiding.path} hides it, by a higher version or a folder that comes first`;
  const folder = path.dirname(file);
  return `it is not used: nobody looks into ${folder}; add it to plugin.dirs, or set OPTIMUS_PLUGIN_DIRS`;
}
