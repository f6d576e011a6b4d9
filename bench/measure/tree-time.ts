import { setTimeout as rest } from 'node:timers/promises';
import { listTree, readProcessFile } from './process-tree.ts';

/** Clock ticks of Linux a second, as /proc counts them. */
const TICKS_A_SECOND = 100;

/** Percent of one core that a process and all that descend from it use, its database included, over a while. */
export async function measureTreeLoad(pid: number, forMs: number): Promise<number> {
  const before = new Map(listTree(pid).map((each) => [each, readTicks(each)]));
  const startedAt = performance.now();
  await rest(forMs);
  const seconds = (performance.now() - startedAt) / 1000;
  const ticks = listTree(pid).reduce((sum, each) => sum + readTicks(each) - (before.get(each) ?? 0), 0);
  return (100 * ticks) / TICKS_A_SECOND / seconds;
}

/** What the process has used, in user mode and in the kernel. Its name, in parentheses, may hold spaces. */
function readTicks(pid: number): number {
  const [, ...fields] = readProcessFile(pid, 'stat').split(') ');
  const [user = 0, system = 0] = fields.join(') ').split(' ').slice(11, 13).map(Number);
  return user + system;
}
