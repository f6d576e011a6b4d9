import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { findInstalledFolder } from '../installed-folder.ts';

/** Where a new plugin gets the SDK from. */
export interface SdkSource {
  /** What stands in the plugin's `package.json`. */
  readonly spec: string;
  /** An archive that goes along in the plugin's folder, with its path there. */
  readonly vendored?: { readonly source: string; readonly target: string };
}

/**
 * The SDK of `--sdk`: a folder, an archive, or whatever npm understands. Without it the archive that is shipped with the command
 * goes along, so that a plugin builds wherever its folder lies.
 * @throws OptimusError `PRECONDITION_FAILED` when the command was not built with one
 */
export async function findSdk(given: string | undefined, cwd: string): Promise<SdkSource> {
  if (given === undefined) return vendor(await findShippedArchive());
  const file = path.resolve(cwd, given);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return { spec: given };
  return found.isDirectory() ? { spec: `file:${file}` } : vendor(file);
}

function vendor(source: string): SdkSource {
  const target = `vendor/${path.basename(source)}`;
  return { spec: `file:${target}`, vendored: { source, target } };
}

async function findShippedArchive(): Promise<string> {
  const folder = path.join(findInstalledFolder(), 'plugin-sdk');
  const names = await readdir(folder).catch(() => []);
  const name = names.find((candidate) => candidate.endsWith('.tgz'));
  if (name !== undefined) return path.join(folder, name);
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `this installation of optimus came without the SDK: ${folder} has no archive`,
    hint: 'build the command with `npm run build`, or name an SDK with --sdk',
  });
}
