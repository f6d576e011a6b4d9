import { createHash } from 'node:crypto';
import { lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError, type PluginInfo } from '@optimus/domain';
import { parsePluginFileName, thisPlatform } from '@optimus/plugin-host';
import type { InstallRequest, ReadyPlugin } from './install-plugins.ts';

/** What became of one plugin. */
export interface PlacedPlugin {
  readonly path: string;
  readonly info: PluginInfo;
  readonly outcome: 'installed' | 'replaced' | 'unchanged';
  /** Paths of other versions that went. */
  readonly removed: readonly string[];
}

type Plan = ReadyPlugin & Pick<PlacedPlugin, 'path' | 'outcome'>;

/**
 * Puts plugins where hosts find them. All are looked at before the first is moved, so that a refusal leaves things as they were.
 * @throws OptimusError `PLUGIN_EXISTS`
 */
export async function placePlugins(
  ready: readonly ReadyPlugin[],
  request: Pick<InstallRequest, 'folder' | 'isReplacing'>,
): Promise<readonly PlacedPlugin[]> {
  const plans = await Promise.all(ready.map((plugin) => planPlace(plugin, request)));
  const placed: PlacedPlugin[] = [];
  for (const plan of plans) {
    if (plan.outcome !== 'unchanged') await move(plan);
    const removed = request.isReplacing ? await removeOthers(plan, plans) : [];
    placed.push({ path: plan.path, info: plan.info, outcome: plan.outcome, removed });
  }
  return placed;
}

async function planPlace(
  plugin: ReadyPlugin,
  { folder, isReplacing }: Pick<InstallRequest, 'folder' | 'isReplacing'>,
): Promise<Plan> {
  const target = path.join(folder, plugin.fileName);
  const outcome = await compare(target, plugin.sha256);
  if (outcome !== 'replaced' || isReplacing) return { ...plugin, path: target, outcome };
  throw new OptimusError('PLUGIN_EXISTS', {
    message: `${target} is there already, with another content`,
    hint: 'put this one in its place with --replace, or give it a version of its own',
    fields: { path: target },
  });
}

async function compare(target: string, sha256: string): Promise<PlacedPlugin['outcome']> {
  const stats = await lstat(target).catch(() => undefined);
  if (stats === undefined) return 'installed';
  if (!stats.isFile()) return 'replaced';
  const actual = createHash('sha256')
    .update(await readFile(target))
    .digest('hex');
  return actual === sha256 ? 'unchanged' : 'replaced';
}

/** Written through to the disk first: after a power failure the name must not stand for an empty file. */
async function move({ file, path: target }: Plan): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
  await rename(file, target);
}

async function removeOthers(plan: Plan, plans: readonly Plan[]): Promise<readonly string[]> {
  const folder = path.dirname(plan.path);
  const name = parsePluginFileName(plan.fileName, thisPlatform)?.name;
  const kept = new Set(plans.map(({ fileName }) => fileName));
  const others = (await readdir(folder)).filter(
    (fileName) =>
      name !== undefined && parsePluginFileName(fileName, thisPlatform)?.name === name && !kept.has(fileName),
  );
  const paths = others.map((fileName) => path.join(folder, fileName));
  await Promise.all(paths.map((file) => rm(file, { force: true })));
  return paths;
}
