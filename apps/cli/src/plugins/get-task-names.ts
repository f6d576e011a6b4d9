import { OptimusError, type PluginCatalog, type PluginEntry } from '@optimus/domain';

/** Names of the installed task plugins, sorted. @throws OptimusError `PLUGIN_NOT_FOUND` when there is none, with what was found and why it does not run */
export async function getTaskNames(plugins: PluginCatalog): Promise<readonly string[]> {
  const entries = await plugins.list();
  const names = entries.flatMap((entry) => (isTask(entry) ? [entry.info.name] : []));
  if (names.length > 0) return [...new Set(names)].toSorted();
  const failed = entries.flatMap((entry) =>
    entry.state === 'failed' ? [`${entry.path}: ${entry.reason}`] : [],
  );
  throw new OptimusError('PLUGIN_NOT_FOUND', {
    message: ['no task plugin is installed on this machine', ...failed].join('\n'),
    hint: 'put one into ~/.optimus/plugins, or name its folder with --plugin-dir or OPTIMUS_PLUGIN_DIRS',
  });
}

function isTask(entry: PluginEntry): entry is Extract<PluginEntry, { state: 'ready' }> {
  return entry.state === 'ready' && entry.info.kind === 'task';
}
