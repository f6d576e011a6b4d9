import { type FSWatcher, watch } from 'node:fs';
import type { AttemptOutcome } from '@optimus/domain';
import { type AttemptFolder, OUT_OF_MEMORY } from './attempt-folder.ts';
import { isPidReused, isProcessAlive, type ProcessIdentity } from './process-identity.ts';

/** Who watches the task. */
export interface Supervisor {
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended, or when nobody would tell any more; absent: nobody tells. */
  readonly ended?: Promise<void>;
}

/** How long the log of an attempt that has ended may take to be complete before its end is told without. */
const LOG_GRACE_MS = 5000;

/** One attempt that runs, or ran and is not reported yet. */
export class LiveAttempt {
  readonly folder: AttemptFolder;
  /** How the attempt ended. Never settles once {@link unwatch} was called. */
  readonly ended: Promise<AttemptOutcome>;
  readonly #supervisor: Supervisor;
  readonly #resolve: (outcome: AttemptOutcome) => void;
  #hasEnded = false;
  #isWatched = false;
  #watcher: FSWatcher | undefined;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(folder: AttemptFolder, supervisor: Supervisor) {
    const { promise, resolve } = Promise.withResolvers<AttemptOutcome>();
    this.folder = folder;
    this.ended = promise;
    this.#supervisor = supervisor;
    this.#resolve = resolve;
  }

  get pid(): number {
    return this.#supervisor.identity.pid;
  }

  /** Begins to watch for the end. */
  watch(): void {
    this.#isWatched = true;
    const { ended } = this.#supervisor;
    if (ended) void ended.then(() => this.#lookAfterEnd());
    else this.#watchFolder();
  }

  /** Nobody tells of the end any more; either it has come, or it shows in the folder. */
  #lookAfterEnd(): void {
    if (!this.#isWatched) return;
    if (this.#isSupervisorAlive()) this.#watchFolder();
    this.#look();
  }

  #watchFolder(): void {
    try {
      // The rename of the exit file shows here. A host without free watches is served by the liveness check alone.
      this.#watcher = watch(this.folder.path, { persistent: false }, this.#look);
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }

  /** Looks whether the attempt has ended, and settles {@link ended} when it has. */
  async look(): Promise<void> {
    const isRunning = this.#isSupervisorAlive();
    // Read after the look at the process: a supervisor that was gone then has written all it ever will.
    const outcome = (await this.folder.readOutcome()) ?? (isRunning ? undefined : await this.#explainDeath());
    if (outcome === undefined) return;
    this.#hasEnded = true;
    this.unwatch();
    this.#resolve(outcome);
  }

  /** Asks the task and all it started to end, and makes them after the grace. */
  async cancel(graceMs: number): Promise<void> {
    if (this.#hasEnded) return;
    await this.folder.markCanceled();
    this.kill('SIGTERM');
    this.#killTimer ??= setTimeout(() => this.kill('SIGKILL'), graceMs);
  }

  /** Signals the process group, unless its id may belong to others by now. */
  kill(signal: NodeJS.Signals): void {
    if (isPidReused(this.#supervisor.identity)) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group has ended: that is what was wanted.
    }
  }

  unwatch(): void {
    this.#isWatched = false;
    this.#watcher?.close();
    clearTimeout(this.#killTimer);
  }

  readonly #look = (): void => {
    // A folder that cannot be read now (too many open files) is looked at again by the liveness check.
    this.look().catch(() => undefined);
  };

  #isSupervisorAlive(): boolean {
    return isProcessAlive(this.#supervisor.identity);
  }

  async #explainDeath(): Promise<AttemptOutcome> {
    const outcome = await this.folder.awaitOutcome(LOG_GRACE_MS);
    if (outcome) return outcome;
    if (await this.folder.isCanceled()) return { kind: 'signaled', signal: 'SIGKILL' };
    // Without its supervisor the task itself may live on, and the attempt that replaces this one must not run beside it.
    this.kill('SIGKILL');
    if (await this.folder.wasOutOfMemory()) return OUT_OF_MEMORY;
    return { kind: 'lost', message: 'the process that watched the task was killed' };
  }
}
