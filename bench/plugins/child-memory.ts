import { readdirSync, readFileSync } from 'node:fs';

/** Resident MiB of the one child that `start` gives this process, by /proc: machines without it have no figure. */
export async function measureChildMemory(start: () => Promise<unknown>): Promise<number> {
  const before = new Set(listChildren());
  await start();
  const [child, another] = listChildren().filter((pid) => !before.has(pid));
  if (child === undefined || another !== undefined) throw new Error('not exactly one child was started');
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readStatus(child)) ?? [];
  return Number(kibibytes) / 1024;
}

function listChildren(): readonly string[] {
  const isChild = new RegExp(`^PPid:\\s+${process.pid}$`, 'm');
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isChild.test(readStatus(name)));
}

/** Empty for a process that has ended meanwhile. */
function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
