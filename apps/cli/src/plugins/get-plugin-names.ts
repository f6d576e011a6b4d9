import { OptimusError, type PluginCatalog, type PluginEntry, type PluginKind } from '@optimus/domain';

/** Names of the installed plugins of a kind, sorted. @throws OptimusError `PLUGIN_NOT_FOUND` when there is none, with what was found and why it does not run */
export async function getPluginNames(plugins: PluginCatalog, kind: PluginKind): Promise<readonly string[]> {
  const entries = await plugins.list();
  const names = entries.flatMap((entry) => (isOfKind(entry, kind) ? [entry.info.name] : []));
  if (names.length > 0) return [...new Set(names)].toSorted();
  const failed = entries.flatMap((entry) =>
    entry.state === 'failed' ? [`${entry.path}: ${entry.reason}`] : [],
  );
  throw new OptimusError('PLUGIN_NOT_FOUND', {
    message: [`no ${kind} plugin is installed on this machine`, ...failed].join('\n'),
    hint: 'put one into ~/.optimus/plugins, or name its folder with --plugin-dir or OPTIMUS_PLUGIN_DIRS',
  });
}

function isOfKind(entry: PluginEntry, kind: PluginKind): entry is Extract<PluginEntry, { state: 'ready' }> {
  return entry.state === 'ready' && entry.info.kind === kind;
}
