import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';

/** SHA-256 in hexadecimal by file name, for the files that are pinned; all others are not looked at. */
export type Checksums = Readonly<Record<string, string>>;

/**
 * Holds a pinned file against its checksum.
 * @throws OptimusError `PLUGIN_UNUSABLE`
 */
export async function assertChecksum(
  plugin: PluginIdentity,
  file: string,
  checksums: Checksums,
): Promise<void> {
  const recorded = checksums[path.basename(plugin.path)];
  if (recorded === undefined) return;
  const actual = await hashFile(file);
  const expected = Buffer.from(recorded.trim(), 'hex');
  if (expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual)) return;
  throw createUnusable(plugin, 'does not match its recorded SHA-256', {
    hint: `reinstall it; its own is ${actual.toString('hex')}`,
  });
}

/** The SHA-256 of a file. */
export async function hashFile(file: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest();
}
