import type { ChildProcess } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { type AttemptOutcome, invariant } from '@optimus/domain';
import type { AttemptFolder } from './attempt-folder.ts';
import { isPidReused, isProcessAlive, type ProcessIdentity } from './process-identity.ts';

/** Who watches the task: a child of this process, or a supervisor that an earlier server started. */
type Supervisor =
  | { readonly kind: 'child'; readonly child: ChildProcess }
  | { readonly kind: 'adopted'; readonly identity: ProcessIdentity };

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
    if (this.#supervisor.kind === 'adopted') return this.#supervisor.identity.pid;
    const { pid } = this.#supervisor.child;
    invariant(pid !== undefined, 'a child that was spawned has a pid');
    return pid;
  }

  /** Begins to watch for the end. */
  watch(): void {
    if (this.#supervisor.kind === 'child') {
      this.#supervisor.child.once('exit', this.#look);
      // A short task may have ended before the watch began.
      if (!this.#isSupervisorAlive()) this.#look();
      return;
    }
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
    if (this.#supervisor.kind === 'adopted' && isPidReused(this.#supervisor.identity)) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group has ended: that is what was wanted.
    }
  }

  unwatch(): void {
    this.#watcher?.close();
    clearTimeout(this.#killTimer);
    if (this.#supervisor.kind === 'child') this.#supervisor.child.off('exit', this.#look);
  }

  readonly #look = (): void => {
    // A folder that cannot be read now (too many open files) is looked at again by the liveness check.
    this.look().catch(() => undefined);
  };

  #isSupervisorAlive(): boolean {
    if (this.#supervisor.kind === 'adopted') return isProcessAlive(this.#supervisor.identity);
    const { exitCode, signalCode } = this.#supervisor.child;
    return exitCode === null && signalCode === null;
  }

  async #explainDeath(): Promise<AttemptOutcome> {
    const outcome = await this.folder.awaitOutcome(LOG_GRACE_MS);
    if (outcome) return outcome;
    if (await this.folder.isCanceled()) return { kind: 'signaled', signal: 'SIGKILL' };
    // Without its supervisor the task itself may live on, and the attempt that replaces this one must not run beside it.
    this.kill('SIGKILL');
    return { kind: 'lost', message: 'the process that watched the task was killed' };
  }
}
