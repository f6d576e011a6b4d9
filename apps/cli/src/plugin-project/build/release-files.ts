import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import type { BuiltProgram } from './build-programs.ts';
import { toArchiveStem } from './target-platform.ts';

/** Names the files of a release and their digests, as `sha256sum --check` reads them. */
export const CHECKSUM_FILE = 'checksums.txt';

/** The same program always makes the same archive: no owner, no time of this machine goes in. */
const EPOCH = new Date(0);

/** Packs each program into an archive that holds nothing else. Answers the archives' names. */
export async function writeArchives(
  folder: string,
  {
    plugin,
    programs,
  }: {
    readonly plugin: { readonly name: string; readonly version: string };
    readonly programs: readonly BuiltProgram[];
  },
): Promise<readonly string[]> {
  const archives = programs.map(({ target, name }) => ({
    program: name,
    name: `${toArchiveStem(plugin, target)}.tar.gz`,
  }));
  for (const { program, name } of archives) {
    const options = { cwd: folder, file: path.join(folder, name), gzip: true, portable: true, mtime: EPOCH };
    await create(options, [program]);
  }
  return archives.map(({ name }) => name);
}

/** Writes the digests of all files of a folder, sorted by name. */
export async function writeChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== CHECKSUM_FILE).toSorted();
  const lines: string[] = [];
  for (const name of names) lines.push(`${await digestOf(path.join(folder, name))}  ${name}\n`);
  await writeFile(path.join(folder, CHECKSUM_FILE), lines.join(''));
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
