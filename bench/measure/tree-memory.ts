import { listTree, readNumber, readStatus } from './process-tree.ts';

/**
 * Resident MiB of a process and of all that descend from it. PostgreSQL is left out: each of its processes counts what all of
 * them share.
 */
export function measureTreeMemory(pid: number): { readonly mebibytes: number; readonly processes: number } {
  const counted = listTree(pid).filter((each) => !/^Name:\s+postgres$/m.test(readStatus(each)));
  const kibibytes = counted.reduce((sum, each) => sum + readNumber(each, 'VmRSS'), 0);
  return { mebibytes: kibibytes / 1024, processes: counted.length };
}
