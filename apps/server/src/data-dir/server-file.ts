import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How tools find a running server: `server.json` in its data directory. */
export interface ServerFile {
  remove(): Promise<void>;
}

/** Writes `{pid, host, port}`; mode 0600, whole when it is seen. */
export async function writeServerFile(
  dataDir: string,
  address: { readonly host: string; readonly port: number },
): Promise<ServerFile> {
  const file = join(dataDir, 'server.json');
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ pid: process.pid, ...address })}\n`, { mode: 0o600 });
  await rename(draft, file);
  return { remove: () => removeOwn(file) };
}

/** A file that another server has written since stays. */
async function removeOwn(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  if (text.includes(`"pid":${process.pid},`)) await rm(file, { force: true });
}
