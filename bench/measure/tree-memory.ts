import { readdirSync, readFileSync } from 'node:fs';

/**
 * Resident MiB of a process and of all that descend from it, by /proc: machines without it have no figure. PostgreSQL is
 * left out: each of its processes counts what all of them share.
 */
export function measureTreeMemory(pid: number): { readonly mebibytes: number; readonly processes: number } {
  const parents = new Map(listProcesses().map((each) => [each, readNumber(each, 'PPid')]));
  const tree = [pid];
  for (const member of tree)
    tree.push(...[...parents].flatMap(([child, of]) => (of === member ? child : [])));
  const counted = tree.filter((each) => !/^Name:\s+postgres$/m.test(readStatus(each)));
  const kibibytes = counted.reduce((sum, each) => sum + readNumber(each, 'VmRSS'), 0);
  return { mebibytes: kibibytes / 1024, processes: counted.length };
}

function listProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readNumber(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readStatus(pid))?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
