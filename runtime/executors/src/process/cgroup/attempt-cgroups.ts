import { readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What of a cgroup tells how often the kernel ended a process for its memory, in version 1 and in version 2. */
const OOM_FILES = ['memory.oom_control', 'memory.events'];
const OOM_KILL = /^oom_kill (?<count>\d+)$/m;

/** What has been killed leaves its cgroup within milliseconds. */
const REMOVE_LOOK_MS = 10;
const REMOVE_MS = 1000;

/** The cgroups of one attempt, as its launcher has recorded their folders. */
export class AttemptCgroups {
  readonly #folders: readonly string[];

  /** @param record one folder a line */
  constructor(record: string) {
    this.#folders = record.split('\n').filter(Boolean);
  }

  get isEmpty(): boolean {
    return this.#folders.length === 0;
  }

  /** Whether the kernel has ended one of the processes because there was no memory for it. */
  async haveKilledForMemory(): Promise<boolean> {
    const paths = this.#folders.flatMap((folder) => OOM_FILES.map((name) => join(folder, name)));
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
    return texts.some((text) => Number(OOM_KILL.exec(text)?.groups?.['count'] ?? 0) > 0);
  }

  /** Removes them as soon as nothing runs in them. What escaped its attempt and runs on keeps the one it is in. */
  async remove(): Promise<void> {
    await Promise.all(this.#folders.map(removeCgroup));
  }
}

async function removeCgroup(folder: string): Promise<void> {
  const deadline = Date.now() + REMOVE_MS;
  while (!(await isRemoved(folder)) && Date.now() < deadline) await delay(REMOVE_LOOK_MS);
}

/** Anything but a cgroup in use is not worth another try. */
async function isRemoved(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'EBUSY');
  }
}
