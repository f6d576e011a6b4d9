import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process for ever: a pid alone is reused, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in the platform's own notation; only ever compared for equality. */
  readonly startedAt: string;
  /** The boot and pid namespace in which `pid` means something. */
  readonly space: string;
}

/** The identity of this process. */
export function currentProcessIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: findProcessStart(process.pid) ?? '', space: currentSpace() };
}

/** Whether the pids of another identity can be looked up from here. */
export function isSameSpace(identity: ProcessIdentity): boolean {
  return identity.space === currentSpace();
}

/** Whether that very process still runs. Meaningful only when {@link isSameSpace}. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  return findProcessStart(identity.pid) === identity.startedAt;
}

/** When the process with this pid began, or undefined when there is none. A zombie has ended. */
export function findProcessStart(pid: number): string | undefined {
  if (process.platform === 'linux') return findStartInProc(pid);
  return process.platform === 'win32' ? findStartBySignal(pid) : findStartByPs(pid);
}

/** The arguments of a process, program first, or undefined when there is none. */
export function findProcessCommand(pid: number): string | undefined {
  if (process.platform === 'linux') return readProc(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
  return process.platform === 'win32' ? findStartBySignal(pid) : runPs(pid, 'command=');
}

function findStartInProc(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold spaces; state is the third, start time the 22nd.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function findStartByPs(pid: number): string | undefined {
  const line = runPs(pid, 'state=,lstart=');
  return line === undefined || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

function findStartBySignal(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return '';
  } catch {
    return undefined;
  }
}

function runPs(pid: number, columns: string): string | undefined {
  try {
    const args = ['-o', columns, '-p', String(pid)];
    const output = execFileSync('/bin/ps', args, { encoding: 'utf8', stdio: 'pipe', env: { LC_ALL: 'C' } });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}

function currentSpace(): string {
  if (process.platform !== 'linux') return hostname();
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim()} ${readlinkSync('/proc/self/ns/pid')}`;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
