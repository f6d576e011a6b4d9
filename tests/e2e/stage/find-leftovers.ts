import { readdir, readFile } from 'node:fs/promises';

/** A process that belongs to a stage. */
export interface StageProcess {
  readonly pid: number;
  readonly command: string;
}

/** Whether this system shows the environment and the command line of processes. */
export const canSeeProcesses = process.platform === 'linux';

/**
 * The processes whose command line or environment holds the text, this process left out. PostgreSQL overwrites its
 * command line with a title, which names the data directory no more; its environment still does.
 */
export async function findProcesses(text: string): Promise<readonly StageProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const others = pids.filter((pid) => pid !== process.pid);
  const found = await Promise.all(others.map((pid) => readProcess(pid, text)));
  return found.filter((one) => one !== undefined);
}

/** The command lines of all processes of this system. */
export async function readCommandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(pids.map((pid) => readProc(pid, 'cmdline')));
}

async function readProcess(pid: number, text: string): Promise<StageProcess | undefined> {
  const [command, environment, status] = await Promise.all([
    readProc(pid, 'cmdline'),
    readProc(pid, 'environ'),
    readProc(pid, 'stat'),
  ]);
  const isZombie = /\) Z /.test(status);
  return !isZombie && `${command}\n${environment}`.includes(text) ? { pid, command } : undefined;
}

/** Empty when the process has ended meanwhile or is not ours to look at. */
async function readProc(pid: number, file: 'cmdline' | 'environ' | 'stat'): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trimEnd();
}
