import type { Upsert } from '../../change/compare-jobs.ts';
import { findUnsizedPools } from '../../change/find-unsized-pools.ts';
import type { Registered } from '../../change/registration.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** Says which pools of deployed jobs limit nothing: whoever names one expects it to. */
export function noteUnsizedPools(
  upserts: readonly Pick<Upsert, 'namespace' | 'spec'>[],
  registered: Registered,
  terminal: Terminal,
): void {
  const label = terminal.style('yellow', 'Warning:', 'stderr');
  for (const { pool, key, job } of findUnsizedPools(upserts, registered)) {
    const mend = `say how many slots it has with ${key} in the config of the project or the namespace`;
    terminal.note(`${label} pool ${JSON.stringify(pool)} of job ${job} limits nothing: ${mend}`);
  }
}
