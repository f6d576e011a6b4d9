import { readdirSync, readFileSync } from 'node:fs';

// By /proc: machines without it have no figures of other processes.

/** A process and all that descend from it. */
export function listTree(pid: number): readonly number[] {
  const parents = new Map(listProcesses().map((each) => [each, readNumber(each, 'PPid')]));
  const tree = [pid];
  for (const member of tree)
    tree.push(...[...parents].flatMap(([child, of]) => (of === member ? [child] : [])));
  return tree;
}

/** A field of the process's status. 0 for a process that has ended meanwhile. */
export function readNumber(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readStatus(pid))?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
export function readStatus(pid: number): string {
  return readProcessFile(pid, 'status');
}

/** Empty for a process that has ended meanwhile. */
export function readProcessFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function listProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
