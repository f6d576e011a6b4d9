import path from 'node:path';
import type { Invocation } from '../../command-line/command-spec.ts';
import type { Flags } from '../../command-line/flags.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { buildPlugin, type PluginBuild } from '../../plugin-project/build/build-plugin.ts';
import { IMAGE_ENGINES } from '../../plugin-project/build/image-engine.ts';
import {
  formatPlatform,
  isThisPlatform,
  parsePlatforms,
  TARGET_PLATFORMS,
  type TargetPlatform,
} from '../../plugin-project/build/target-platform.ts';
import { findVersionProblem } from '../../plugin-project/image-reference.ts';
import { type PluginProject, readPluginProject } from '../../plugin-project/plugin-project.ts';

/** `optimus plugin build`. */
export async function run({ args, flags, terminal }: Invocation): Promise<void> {
  const project = await readPluginProject(path.resolve(terminal.cwd, args[0] ?? '.'));
  const output = flags.text('output-dir');
  const build: PluginBuild = {
    project,
    version: pickVersion(project, flags),
    targets: pickTargets(project, flags),
    isStandalone: flags.isSet('standalone'),
    isWrapped: flags.isSet('wrapped') || project.isWrapped,
    ...pickImages(flags),
    output: output === undefined ? path.join(project.folder, 'dist') : path.resolve(terminal.cwd, output),
  };
  const built = await buildPlugin(build);
  const left = TARGET_PLATFORMS.filter((target) => !build.targets.includes(target)).map(formatPlatform);
  if (isWholeSet(flags) && left.length > 0) terminal.note(`not built: ${left.join(', ')} (see --standalone)`);
  for (const archive of built.archives)
    terminal.print(path.join(path.relative(terminal.cwd, build.output), archive));
  for (const image of built.images) terminal.print(image);
}

function pickVersion(project: PluginProject, flags: Flags): string {
  const version = flags.text('plugin-version') ?? project.version;
  const problem = findVersionProblem(version);
  if (problem === undefined) return version;
  throw createUsageError('plugin-version', `is ${JSON.stringify(version)}: ${problem}`);
}

/**
 * All platforms, as far as the form reaches: a script is nothing that Windows starts, and a standalone program of another platform is
 * made only when it is asked for, as it holds a Node that must be fetched.
 */
function pickTargets({ language }: PluginProject, flags: Flags): readonly TargetPlatform[] {
  const given = flags.texts('os-arch', { isList: true });
  if (given.length > 0 && flags.isSet('all'))
    throw createUsageError('all', 'and --os-arch exclude each other');
  if (given.length > 0) return parsePlatforms(given);
  if (language === 'go') return TARGET_PLATFORMS;
  if (flags.isSet('standalone'))
    return flags.isSet('all') ? TARGET_PLATFORMS : TARGET_PLATFORMS.filter(isThisPlatform);
  return TARGET_PLATFORMS.filter(({ os }) => os !== 'windows');
}

function isWholeSet(flags: Flags): boolean {
  return flags.texts('os-arch').length === 0 && !flags.isSet('standalone');
}

function pickImages(flags: Flags): Pick<PluginBuild, 'images'> {
  const isPushed = flags.isSet('push');
  const engine = flags.choice('engine', IMAGE_ENGINES);
  if (flags.isSet('image')) return { images: { engine, isPushed } };
  if (isPushed) throw createUsageError('push', 'sends images, and none is built', 'add --image');
  return {};
}
