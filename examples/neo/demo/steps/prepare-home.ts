import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { DemoFailure } from '../demo-failure.ts';
import type { DemoHome } from '../demo-home.ts';
import { findKept } from '../kept-demo.ts';

/**
 * Makes an empty demo home: each demo begins with a server that knows nothing.
 * @throws DemoFailure when an earlier demo is still up, OptimusError `DATA_DIR_IN_USE` when its server is although the demo was killed
 */
export async function prepareHome(home: DemoHome): Promise<void> {
  const kept = await findKept(home);
  if (kept) {
    throw new DemoFailure(
      `an earlier demo is still up on ${kept.host}. Stop it first with: npm run demo -- --stop`,
    );
  }
  await removeDatabase(path.join(home.dataDir, 'postgres'));
  await rm(home.root, { recursive: true, force: true });
  await mkdir(home.repository, { recursive: true });
}

/** Under root the database may lie outside the data directory, in a place that its own account can enter. */
async function removeDatabase(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const { removeEmbeddedPostgres } = await import('@optimus/store');
  await removeEmbeddedPostgres(folder, SILENT_LOG);
}
