import { accessSync, constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { type OptimusError, toErrorMessage } from '@optimus/domain';
import type { Platform } from '../discovery/platform.ts';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';
import { type ExecutableFormat, isNative, readExecutableFormat } from './executable-format.ts';
import { readHead } from './file-head.ts';
import { findForeignWriter } from './file-permissions.ts';

export interface VettingOptions {
  readonly platform: Platform;
  /** Runs a file although other users could have changed it. */
  readonly allowForeignWriters: boolean;
}

/**
 * Makes sure a file may and can be run before anything is run, and returns the path to run, links followed.
 *
 * `execvp` hands whatever the kernel refuses to `/bin/sh`, which would then execute a truncated binary, one of another
 * architecture or a plain text as shell commands; hence the look at the header.
 * @throws OptimusError `PLUGIN_UNUSABLE`
 */
export function vetPluginFile(plugin: PluginIdentity, options: VettingOptions): string {
  const file = resolveFile(plugin);
  const named = isLink(plugin.path) ? { ...plugin, target: file } : plugin;
  assertExecutable(named, file);
  if (!options.allowForeignWriters) assertOnlyOursToWrite(named, file);
  assertRunnable(named, file, options.platform);
  return file;
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function resolveFile(plugin: PluginIdentity): string {
  try {
    const file = realpathSync(plugin.path);
    if (statSync(file).isFile()) return file;
  } catch (cause) {
    throw createUnusable(plugin, `cannot be read: ${toErrorMessage(cause)}`, { cause });
  }
  throw createUnusable(plugin, 'is not a file');
}

function assertExecutable(plugin: PluginIdentity, file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch (cause) {
    throw explainNotExecutable(plugin, file, { mode: statSync(file).mode, cause });
  }
}

/** The system refuses alike a file without the mode and one on a file system that allows no programs. */
export function explainNotExecutable(
  plugin: PluginIdentity,
  file: string,
  { mode, cause }: { readonly mode: number; readonly cause?: unknown },
): OptimusError {
  if ((mode & 0o111) === 0)
    return createUnusable(plugin, 'is not executable', { hint: `run: chmod +x ${file}`, cause });
  return createUnusable(plugin, 'cannot be executed from this file system', {
    hint: 'move it to one that is not mounted noexec, or make it executable for the user of the server',
    cause,
  });
}

function assertOnlyOursToWrite(plugin: PluginIdentity, file: string): void {
  const writer = findForeignWriter(file);
  if (writer === undefined) return;
  throw createUnusable(plugin, `can be modified by other users: ${writer.reason}`, { hint: writer.mend });
}

function assertRunnable(plugin: PluginIdentity, file: string, platform: Platform): void {
  const format = readFormat(file);
  if (!isNative(format, platform)) throw createUnusable(plugin, describeMismatch(format, platform));
  if (format.kind === 'script' && !existsSync(format.interpreter)) {
    throw createUnusable(plugin, `its interpreter "${format.interpreter}" was not found`, {
      hint: 'install it, or mend the first line of the file',
    });
  }
}

function describeMismatch(format: ExecutableFormat, platform: Platform): string {
  if (format.kind !== 'binary') return 'is not a program this system can run';
  const { os, arch } = format;
  if (os !== platform.os) return `is built for ${os}, this machine runs ${platform.os}`;
  return `is built for ${arch}, this machine is ${platform.arch}`;
}

function readFormat(file: string): ExecutableFormat {
  return readExecutableFormat(readHead(file), statSync(file).size);
}
