import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

/** The text of a file that is made at its first use and never changes; mode 0600. Of several makers at once one wins, and the file is whole when it is seen. */
export async function createOnce(file: string, make: () => string): Promise<string> {
  const found = await readFile(file, 'utf8').catch(ignoreMissing);
  if (found !== undefined) return found.trim();
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, a link never replaces what another maker has put there.
    await link(draft, file).catch(ignoreExisting);
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await rm(draft, { force: true });
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function ignoreExisting(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST') throw error;
}
