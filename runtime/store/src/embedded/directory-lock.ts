import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OptimusError } from '@optimus/domain';
import {
  currentProcessIdentity,
  isProcessAlive,
  isSameSpace,
  type ProcessIdentity,
} from './process-identity.ts';

/** Exclusive ownership of a directory by this process, until released or until the process ends. */
export interface DirectoryLock {
  /** Gives the directory up. Safe to call twice. */
  release(): Promise<void>;
}

const HEARTBEAT_MS = 3_000;
const SILENCE_MS = 15_000;
const POLL_MS = 20;

/**
 * Takes exclusive ownership of a directory, also from an owner that was killed. See DESIGN.md for the protocol.
 * An owner in another container or on another machine, whose pid means nothing here, counts as alive as long as
 * it touches its file; its silence is awaited for up to 15 s.
 * @throws OptimusError `DATA_DIR_IN_USE` when a living process owns it, `PRECONDITION_FAILED` when nothing can be written there
 */
export async function acquireDirectoryLock(directory: string): Promise<DirectoryLock> {
  const claim = new Claim(directory);
  await claim.write();
  try {
    for (const rival of await claim.listRivals()) await claim.settleWith(rival);
    await claim.settle();
  } catch (thrown) {
    await claim.release();
    throw thrown;
  }
  return claim;
}

/** One contender: `<id>.owner` exists from claim to release, `<id>.settled` once it has won. */
class Claim implements DirectoryLock {
  readonly #id = randomBytes(8).toString('hex');
  readonly #content = JSON.stringify(currentProcessIdentity());
  readonly #directory: string;
  readonly #folder: string;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#folder = join(directory, 'lock');
  }

  async write(): Promise<void> {
    await this.#makeFolder();
    const draft = this.#path(this.#id, 'draft');
    await writeFile(draft, this.#content, { mode: 0o600, flush: true });
    // Whoever sees the owner file sees it whole.
    await rename(draft, this.#path(this.#id, 'owner'));
    this.#heartbeat = setInterval(() => void this.#touch(), HEARTBEAT_MS).unref();
  }

  async #makeFolder(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new OptimusError('PRECONDITION_FAILED', {
        message: `the data directory ${this.#directory} cannot be made or written`,
        hint: 'name a folder of your own with serve.data_dir or --data-dir, or give this user the right to write there',
        cause,
      });
    }
  }

  async listRivals(): Promise<readonly string[]> {
    const files = await readdir(this.#folder);
    const owners = files
      .filter((file) => file.endsWith('.owner'))
      .map((file) => file.slice(0, -'.owner'.length));
    return owners.filter((id) => id !== this.#id);
  }

  /** Returns once the rival is out of the way. Of two undecided contenders the one with the lower id waits, the other yields. */
  async settleWith(rival: string): Promise<void> {
    for (;;) {
      const owner = await this.#findOwner(rival);
      if (owner === undefined) return;
      if (!(await this.#isAlive(rival, owner))) return await this.#removeFiles(rival);
      if (rival < this.#id || (await this.#isSettled(rival))) throw inUseError(this.#directory, owner);
      await delay(POLL_MS);
    }
  }

  async settle(): Promise<void> {
    await writeFile(this.#path(this.#id, 'settled'), '', { mode: 0o600 });
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#removeFiles(this.#id);
  }

  async #isAlive(rival: string, owner: ProcessIdentity): Promise<boolean> {
    if (isSameSpace(owner)) return isProcessAlive(owner);
    const first = await this.#findTouchedMs(rival);
    for (;;) {
      const last = await this.#findTouchedMs(rival);
      if (last === undefined) return false;
      if (last !== first) return true;
      // Both times come from the clock of the file system, so the clocks of two machines need not agree.
      await this.#touch();
      if (((await this.#findTouchedMs(this.#id)) ?? last) - last > SILENCE_MS) return false;
      await delay(500);
    }
  }

  async #touch(): Promise<void> {
    // The same bytes again: the file system stamps the time, and a reader never sees a difference.
    await writeFile(this.#path(this.#id, 'owner'), this.#content, { flag: 'r+' }).catch(() => undefined);
  }

  async #findTouchedMs(id: string): Promise<number | undefined> {
    return await stat(this.#path(id, 'owner')).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
  }

  async #findOwner(id: string): Promise<ProcessIdentity | undefined> {
    return await readFile(this.#path(id, 'owner'), 'utf8').then(parseOwner, () => undefined);
  }

  async #isSettled(id: string): Promise<boolean> {
    return await stat(this.#path(id, 'settled')).then(
      () => true,
      () => false,
    );
  }

  async #removeFiles(id: string): Promise<void> {
    await rm(this.#path(id, 'owner'), { force: true });
    await rm(this.#path(id, 'settled'), { force: true });
  }

  #path(id: string, state: 'draft' | 'owner' | 'settled'): string {
    return join(this.#folder, `${id}.${state}`);
  }
}

/** A file that a full disk or a crash cut short belongs to nobody we can look up: only its silence tells. */
function parseOwner(text: string): ProcessIdentity {
  try {
    const owner = JSON.parse(text) as Partial<ProcessIdentity>;
    return { pid: owner.pid ?? 0, startedAt: owner.startedAt ?? '', space: owner.space ?? '' };
  } catch {
    return { pid: 0, startedAt: '', space: '' };
  }
}

function inUseError(directory: string, owner: ProcessIdentity): OptimusError {
  return new OptimusError('DATA_DIR_IN_USE', {
    message: `the data directory ${directory} is in use by process ${owner.pid}`,
    hint: 'stop that server, or give this one its own serve.data_dir',
    fields: { directory, pid: String(owner.pid) },
  });
}
