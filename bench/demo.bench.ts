import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkout } from '../tests/e2e/stage/stage-folder.ts';
import { timeCommand } from './measure/time-command.ts';

// What a newcomer waits for: `npm run demo` in a fresh clone, which installs and builds first, and again.
const clone = await mkdtemp(path.join(tmpdir(), 'optimus-clone-'));
try {
  await timeCommand(['git', 'clone', '--quiet', checkout, clone]);
  const cold = await timeCommand(['npm', 'run', 'demo'], clone);
  const warm = await timeCommand(['npm', 'run', 'demo'], clone);
  process.stdout.write(`npm run demo in a fresh clone: ${toSeconds(cold)} s; again: ${toSeconds(warm)} s\n`);
} finally {
  await rm(clone, { recursive: true, force: true });
}

function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
