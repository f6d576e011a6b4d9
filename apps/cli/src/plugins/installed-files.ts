import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type DirectoryOptions,
  parseDescriptionFileName,
  parsePluginFileName,
  thisPlatform,
} from '@optimus/plugin-host';
import type { Invocation } from '../command-line/command-spec.ts';

/** A plugin's file in one folder. */
export interface InstalledFile {
  readonly path: string;
  /** The name in the name of the file. */
  readonly name: string;
  /** As far as the name of the file tells it. */
  readonly version: string | undefined;
}

/** Where plugins are installed: `--dir`, else `.optimus/plugins` in the home folder. Absolute. */
export function getInstallFolder(
  { flags, terminal }: Pick<Invocation, 'flags' | 'terminal'>,
  { home }: Pick<DirectoryOptions, 'home'>,
): string {
  const given = flags.text('dir');
  return given === undefined ? path.join(home, '.optimus', 'plugins') : path.resolve(terminal.cwd, given);
}

/** The plugin files of a folder, sorted by path; empty when there is no such folder. */
export async function listInstalledFiles(folder: string): Promise<readonly InstalledFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.toSorted().flatMap((name) => toInstalledFile(path.join(folder, name)));
}

/** What the name of a file says of it; empty for files that are no plugins of this machine. */
export function toInstalledFile(file: string): readonly InstalledFile[] {
  const program = parsePluginFileName(path.basename(file), thisPlatform);
  if (program !== undefined) return [{ path: file, ...program }];
  const name = parseDescriptionFileName(file);
  return name === undefined ? [] : [{ path: file, name, version: undefined }];
}
