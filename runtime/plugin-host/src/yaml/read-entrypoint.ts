import type { PluginInfo } from '@optimus/domain';
import type { YamlValue } from './yaml-value.ts';

const usualShell = '/bin/sh';

/** What the image runs: a shell, and a script whose lines are its commands. */
export function readEntrypoint(value: YamlValue): NonNullable<PluginInfo['entrypoint']> {
  const fields = value.asFields(['shell', 'script']);
  const lines = fields.get('script').asFilledText().trim().split(/\r?\n/);
  return { shell: fields.text('shell') || usualShell, script: lines.join('; ') };
}
