import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DemoFailure } from '../demo-failure.ts';
import type { DemoHome } from '../demo-home.ts';

/**
 * Makes an empty demo home: each demo begins with a server that knows nothing.
 * @throws DemoFailure when a server of an earlier demo still runs on it
 */
export async function prepareHome(home: DemoHome): Promise<void> {
  await assertNoServer(home);
  await rm(home.root, { recursive: true, force: true });
  await mkdir(home.repository, { recursive: true });
}

async function assertNoServer({ dataDir }: DemoHome): Promise<void> {
  const file = await readFile(path.join(dataDir, 'server.json'), 'utf8').catch(() => undefined);
  if (file === undefined) return;
  const { pid } = JSON.parse(file) as { readonly pid: number };
  if (!isAlive(pid)) return;
  throw new DemoFailure(`the server of an earlier demo is still up. Stop it with: kill ${pid}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
