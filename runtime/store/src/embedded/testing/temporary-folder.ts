import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { removeEmbeddedPostgres } from '../embedded-postgres.ts';

/** A data directory that does not exist yet, in a folder that every account may pass through. */
export function makeDataDirPath(): { readonly dataDir: string; remove(): Promise<void> } {
  const folder = makeOpenFolder();
  const dataDir = join(folder, 'data');
  return {
    dataDir,
    async remove() {
      await removeEmbeddedPostgres(dataDir, SILENT_LOG);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A temporary folder that every account may pass through and write to. */
export function makeOpenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'optimus-test-'));
  chmodSync(folder, 0o777);
  return folder;
}
