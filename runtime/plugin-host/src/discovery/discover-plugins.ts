import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Platform } from './platform.ts';
import { compareVersions, parsePluginFileName } from './plugin-file-name.ts';

/** The file that stands for a name, and those it hides. */
export interface DiscoveredPlugin {
  readonly name: string;
  readonly path: string;
  readonly version: string | undefined;
  /** Paths of files with the same name in later directories, or of lower versions in the same one. */
  readonly shadows: ReadonlyArray<string>;
}

interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly version: string | undefined;
}

/**
 * Plugin files by the exact name in their file name: the first directory that has one wins, and within it the highest
 * version. Directories that are missing or unreadable are passed over. In order of precedence.
 */
export function discoverPlugins(
  directories: ReadonlyArray<string>,
  platform: Platform,
): ReadonlyArray<DiscoveredPlugin> {
  const candidates = directories.flatMap((directory) => listCandidates(directory, platform));
  const byName = Map.groupBy(candidates, ({ name }) => name);
  return [...byName.values()].flatMap(toDiscovered);
}

const descriptionName = /^optimus-plugin-(.+)\.ya?ml$/;

/** Files that describe plugins, `optimus-plugin-<name>.yaml`, by the name in their file name. */
export function discoverDescriptions(directories: ReadonlyArray<string>): ReadonlyArray<DiscoveredPlugin> {
  const candidates = directories.flatMap((directory) =>
    readDirectory(directory)
      .map((entry) => path.join(directory, entry.name))
      .sort()
      .flatMap(toDescriptionCandidate),
  );
  return [...Map.groupBy(candidates, ({ name }) => name).values()].flatMap(toDiscovered);
}

/** The name in the name of a file that describes a plugin; undefined for any other file. */
export function parseDescriptionFileName(file: string): string | undefined {
  return descriptionName.exec(path.basename(file))?.[1];
}

function toDescriptionCandidate(file: string): Candidate[] {
  const name = parseDescriptionFileName(file);
  return name !== undefined && isFile(file) ? [{ name, path: file, version: undefined }] : [];
}

function toDiscovered([chosen, ...others]: ReadonlyArray<Candidate>): DiscoveredPlugin[] {
  return chosen === undefined ? [] : [{ ...chosen, shadows: others.map((other) => other.path) }];
}

function listCandidates(directory: string, platform: Platform): Candidate[] {
  return readDirectory(directory)
    .flatMap((entry) => toCandidate(directory, entry, platform))
    .sort((a, b) => -compareVersions(a.version, b.version) || (a.path < b.path ? -1 : 1));
}

function toCandidate(directory: string, entry: Dirent, platform: Platform): Candidate[] {
  const parts = parsePluginFileName(entry.name, platform);
  const file = path.join(directory, entry.name);
  return parts !== undefined && isFile(file) ? [{ ...parts, path: file }] : [];
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Follows links; a link that leads nowhere is no file. */
function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
