import type { PluginIdentity } from '../plugin-failure.ts';
import type { PluginDescription } from './plugin-description.ts';
import { readFirstForm } from './read-first-form.ts';
import { readSecondForm } from './read-second-form.ts';
import { parseYamlFile } from './yaml-value.ts';

/**
 * Reads `optimus-plugin-<name>.yaml` in either of its forms; the second says `version: 2`.
 * @throws OptimusError `PLUGIN_UNUSABLE` with file, line and column
 */
export function readDescription(text: string, plugin: PluginIdentity): PluginDescription {
  const root = parseYamlFile(text, plugin);
  const isSecondForm = root.asEntries().some(([key]) => key === 'version');
  return isSecondForm ? readSecondForm(root) : readFirstForm(root);
}
