import { homedir } from 'node:os';
import path from 'node:path';
import { type PluginCatalog, SILENT_LOG } from '@optimus/domain';
import { createPluginHost } from '@optimus/plugin-host';
import type { Invocation } from '../command-line/command-spec.ts';

/** Runs the action with the plugins installed on this machine; each starts with its first use, and all end after it. */
export async function withPlugins<T>(
  { flags, terminal }: Invocation,
  act: (plugins: PluginCatalog) => Promise<T>,
): Promise<T> {
  const host = createPluginHost({
    dirs: [...flags.texts('plugin-dir'), ...listConfiguredFolders(terminal.env)],
    cwd: terminal.cwd,
    execDir: path.dirname(process.argv[1] ?? process.execPath),
    home: homedir(),
    log: SILENT_LOG,
    env: terminal.env,
  });
  try {
    return await act(host);
  } finally {
    await host.stop();
  }
}

/** The same variable as the server's `plugin.dirs`, so that one setting serves both. */
function listConfiguredFolders(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (env['OPTIMUS_PLUGIN_DIRS'] ?? '').split(',').filter((folder) => folder !== '');
}
