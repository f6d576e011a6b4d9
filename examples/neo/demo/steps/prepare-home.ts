import { mkdir, rm } from 'node:fs/promises';
import { DemoFailure } from '../demo-failure.ts';
import type { DemoHome } from '../demo-home.ts';
import { findKept } from '../kept-demo.ts';

/**
 * Makes an empty demo home: each demo begins with a server that knows nothing.
 * @throws DemoFailure when a server of an earlier demo still runs on it
 */
export async function prepareHome(home: DemoHome): Promise<void> {
  const kept = await findKept(home);
  if (kept) {
    throw new DemoFailure(
      `an earlier demo is still up on ${kept.host}. Stop it first with: npm run demo -- --stop`,
    );
  }
  await rm(home.root, { recursive: true, force: true });
  await mkdir(home.repository, { recursive: true });
}
