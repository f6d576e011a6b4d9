import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Names one process for ever: a pid alone is used again, a pid with its start and the boot it belongs to is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the platform's own notation; only ever compared for equality. */
  readonly startedAt: string;
  /** Empty where the platform does not tell. */
  readonly bootId: string;
}

/** Whether that very process still runs; one that has ended and was not waited for does not. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === readBootId() && findProcessStart(identity.pid) === identity.startedAt;
}

/** Whether another process bears the pid by now. */
export function isPidReused({ pid, startedAt, bootId }: ProcessIdentity): boolean {
  if (bootId !== readBootId()) return true;
  const start = findProcessStart(pid);
  return start !== undefined && start !== startedAt;
}

/** The start time within the part of a `/proc/<pid>/stat` line that follows the program's name; undefined for a zombie. */
export function parseStartInStat(rest: string): string | undefined {
  const fields = rest.trim().split(' ');
  // State is the third field of the whole line, start time the 22nd.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function findProcessStart(pid: number): string | undefined {
  return process.platform === 'linux' ? findStartInProc(pid) : findStartByPs(pid);
}

function findStartInProc(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStartInStat(stat.slice(stat.lastIndexOf(') ') + 2));
}

function findStartByPs(pid: number): string | undefined {
  try {
    const args = ['-o', 'state=,lstart=', '-p', String(pid)];
    const line = execFileSync('ps', args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, LC_ALL: 'C' },
    });
    return line.trim() === '' || line.startsWith('Z') ? undefined : line.trim().replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

function readBootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
