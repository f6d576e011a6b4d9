import { rm } from 'node:fs/promises';
import { OptimusError, toSuggestion } from '@optimus/domain';
import { findPluginFiles, type PluginHostOptions, thisPlatform } from '@optimus/plugin-host';
import type { Invocation } from '../../command-line/command-spec.ts';
import { getInstallFolder, type InstalledFile, listInstalledFiles } from '../../plugins/installed-files.ts';
import { readPluginSettings } from '../../plugins/plugin-settings.ts';
import { Prompter } from '../../prompt/prompter.ts';

/** `optimus plugin remove`. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [name = ''] = args;
  const settings = await readPluginSettings(invocation);
  const folder = getInstallFolder(invocation, settings);
  const version = flags.text('version');
  const files = await getFiles({ name, version, folder, settings });
  const paths = files.map((file) => file.path);
  const question = { flag: 'yes', message: `Remove ${paths.join(', ')}?` };
  if (!(await new Prompter(terminal).confirm(question, flags.isSet('yes')))) {
    throw new OptimusError('CANCELLED', { message: 'nothing was removed' });
  }
  for (const path of paths) {
    await rm(path, { force: true });
    terminal.print(`removed ${path}`);
  }
}

interface Wanted {
  readonly name: string;
  readonly version: string | undefined;
  readonly folder: string;
  readonly settings: PluginHostOptions;
}

async function getFiles(wanted: Wanted): Promise<readonly InstalledFile[]> {
  const { name, version, folder } = wanted;
  const installed = await listInstalledFiles(folder);
  const named = installed.filter((file) => file.name === name);
  const files = version === undefined ? named : named.filter((file) => file.version === version);
  if (files.length > 0) return files;
  const what = version === undefined ? `"${name}"` : `version ${version} of "${name}"`;
  throw new OptimusError('PLUGIN_NOT_FOUND', {
    message: `${folder} holds no plugin ${what}${named.length > 0 ? '' : suggest(name, installed)}`,
    hint: named.length > 0 ? listVersions(named) : listElsewhere(wanted),
    fields: { plugin: name, folder },
  });
}

function suggest(name: string, installed: readonly InstalledFile[]): string {
  return toSuggestion(
    name,
    installed.map((file) => file.name),
  );
}

function listVersions(files: readonly InstalledFile[]): string {
  return `its versions: ${files.map(({ version }) => version ?? '(none)').join(', ')}`;
}

/** Whoever removes a plugin has seen it in a listing, perhaps from another folder. */
function listElsewhere({ name, settings }: Wanted): string {
  const found = findPluginFiles(settings, thisPlatform).find((file) => file.name === name);
  if (found === undefined) return 'see what is installed with: optimus plugin list';
  return `it lies at ${found.path}; name its folder with --dir`;
}
