import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from '../../scripts/provision/lock.mjs';

/**
 * Fills a folder once per checkout; later calls find it as it is. Test files run side by side: one of them builds, and the others wait
 * for it, for two that write the same programs break what either has begun to use. Answers why it could not be built, if it could not.
 */
export function buildOnce<Missing>(
  folder: string,
  build: () => Promise<Missing | undefined>,
): Promise<Missing | undefined> {
  const complete = path.join(folder, 'complete');
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(complete)) return undefined;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const missing = await build();
    if (missing === undefined) await writeFile(complete, '');
    return missing;
  });
}
