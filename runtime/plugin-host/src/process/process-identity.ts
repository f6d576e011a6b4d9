import { readFileSync } from 'node:fs';

/** Stands for a start time that the system does not tell. */
export const unknownStart = '0';

/** When a process started, in the system's own ticks: with it a process id is unique. `0` where it cannot be known. */
export function readStartTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, so count from its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? unknownStart;
  } catch {
    return unknownStart;
  }
}

/** Whether the very process that had this id at this start time still runs. */
export function isSameProcessAlive(pid: number, startTime: string): boolean {
  return isAlive(pid) && (startTime === unknownStart || readStartTime(pid) === startTime);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
