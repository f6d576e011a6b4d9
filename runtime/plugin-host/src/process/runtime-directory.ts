import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSameProcessAlive, readStartTime, unknownStart } from './process-identity.ts';

/** Socket paths are at most 103 bytes on macOS; what follows the base needs up to 60. */
const longestBase = 40;

const ownedName = /^optimus-plugins-(\d+)-(\d+)-/;

/** A folder of one plugin process: its sockets, its temporary files, and beside it its process id. */
export interface PluginDirectory {
  readonly path: string;
  /** Notes the process, so that the sweep after a crash of the host can end it. */
  readonly recordProcess: (pid: number) => void;
  readonly remove: () => void;
}

/**
 * The private folder of this host, mode 0700, named after its process. It is made with the first plugin, so a command
 * that needs none leaves no trace.
 */
export class RuntimeDirectory {
  readonly #base: string;
  #path: string | undefined;
  #count = 0;

  constructor(base: string = chooseBase(tmpdir())) {
    this.#base = base;
  }

  createPluginDirectory(): PluginDirectory {
    const directory = path.join(this.#open(), String(++this.#count));
    const record = `${directory}.pid`;
    mkdirSync(directory, { mode: 0o700 });
    return {
      path: directory,
      recordProcess: (pid) => writeFileSync(record, `${pid} ${readStartTime(pid)}`),
      remove() {
        rmSync(directory, { recursive: true, force: true });
        rmSync(record, { force: true });
      },
    };
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }

  /** Ends the plugins and removes the folders of hosts that were killed before they could. */
  sweep(): void {
    for (const name of listNames(this.#base)) {
      const [, pid, startTime] = ownedName.exec(name) ?? [];
      const directory = path.join(this.#base, name);
      if (pid === undefined || startTime === undefined || !isOurs(directory)) continue;
      if (!isSameProcessAlive(Number(pid), startTime)) removeLeftOver(directory);
    }
  }

  #open(): string {
    const name = `optimus-plugins-${process.pid}-${readStartTime(process.pid)}-`;
    this.#path ??= mkdtempSync(path.join(this.#base, name));
    return this.#path;
  }
}

/** The system's own folder, unless sockets in it could not be announced or bound. */
export function chooseBase(systemTemporary: string): string {
  const fits = Buffer.byteLength(systemTemporary) <= longestBase && !systemTemporary.includes('|');
  return fits || process.platform === 'win32' ? systemTemporary : '/tmp';
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isOurs(directory: string): boolean {
  const stats = statSync(directory, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && stats.uid === process.getuid?.();
}

function removeLeftOver(directory: string): void {
  const records = listNames(directory).filter((name) => name.endsWith('.pid'));
  for (const record of records) killRecorded(path.join(directory, record));
  rmSync(directory, { recursive: true, force: true });
}

/** Without a start time the id may belong to somebody else by now, so the process is left alone. */
function killRecorded(record: string): void {
  try {
    const [pid = '', startTime = unknownStart] = readFileSync(record, 'utf8').split(' ');
    if (startTime === unknownStart || !isSameProcessAlive(Number(pid), startTime)) return;
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // Gone already: that is all we want.
  }
}
