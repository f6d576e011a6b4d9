import type { Platform } from './platform.ts';

/** The parts of `optimus-<name>[_<version>]_<os>_<arch>`. */
export interface PluginFileName {
  readonly name: string;
  /** Absent when the file name tells none. */
  readonly version: string | undefined;
}

/** The parts, or undefined when the file is no plugin for this platform. A name cannot hold an underscore. */
export function parsePluginFileName(fileName: string, platform: Platform): PluginFileName | undefined {
  const bare = platform.os === 'windows' ? fileName.replace(/\.exe$/i, '') : fileName;
  const suffix = `_${platform.os}_${platform.arch}`;
  if (!bare.startsWith('optimus-') || !bare.endsWith(suffix)) return undefined;
  const [name, ...version] = bare.slice('optimus-'.length, -suffix.length).split('_');
  if (!name) return undefined;
  return { name, version: version.join('_') || undefined };
}

/** Orders versions as semver does, so that 0.10 follows 0.9; a file without a version comes before any with one. */
export function compareVersions(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  const [leftCore, leftTag] = splitVersion(left);
  const [rightCore, rightTag] = splitVersion(right);
  const core = leftCore.localeCompare(rightCore, 'en', { numeric: true });
  if (core !== 0) return core;
  // A pre-release comes before its release.
  if (leftTag === '' || rightTag === '') return Number(leftTag === '') - Number(rightTag === '');
  return leftTag.localeCompare(rightTag, 'en', { numeric: true });
}

function splitVersion(version: string): readonly [core: string, preRelease: string] {
  const [core = '', ...tag] = version.replace(/^v/, '').split('-');
  return [core, tag.join('-')];
}
