import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder with the built command and what is shipped beside it: the SDK's archive, the chunks of the program. A bundle tells
 * every source its place under `dist/assets/`; from its sources the command finds what the last build has left.
 */
export function findInstalledFolder(source = import.meta.url): string {
  const [dist, inBundle] = fileURLToPath(source).split(`${path.sep}assets${path.sep}`);
  if (dist !== undefined && inBundle !== undefined) return dist;
  return fileURLToPath(new URL('../../dist', source));
}
