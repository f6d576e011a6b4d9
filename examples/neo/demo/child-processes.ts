import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DemoFailure } from './demo-failure.ts';

/** How a process ended: an exit code or the signal that ended it. */
export type ProcessEnd = number | NodeJS.Signals;

const patienceMs = 15_000;

/** Every process that the demo starts, so that it can end every one of them. */
export class ChildProcesses {
  readonly #running = new Set<ChildProcess>();
  #isStopping = false;
  #hasStarted = false;

  /**
   * Starts a process in a group of its own: Ctrl-C in a terminal goes to a whole group, and what is to end in which
   * order is decided here alone.
   * @throws DemoFailure once stopping has begun
   */
  start(name: string, command: readonly [string, ...string[]], options: SpawnOptions): ChildProcess {
    if (this.#isStopping) throw new DemoFailure(`the demo is being stopped, so ${name} is not started`);
    const [program, ...args] = command;
    const child = spawn(program, args, { ...options, detached: process.platform !== 'win32' });
    this.#running.add(child);
    this.#hasStarted = true;
    child.once('exit', () => this.#running.delete(child));
    child.once('error', () => this.#running.delete(child));
    return child;
  }

  /** Whether any was started and not let go of: it may have ended since. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Ends all of them, the last one started first. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const child of [...this.#running].reverse()) await stopChild(child);
  }

  /** Lets go of all of them: they outlive this process. Answers their pids. */
  leave(): readonly number[] {
    const pids = [...this.#running].flatMap(({ pid }) => pid ?? []);
    for (const child of this.#running) child.unref();
    this.#running.clear();
    this.#hasStarted = false;
    return pids;
  }
}

/** Resolves when the process has ended and its output is read. Rejects when it could not be started. */
export async function awaitEnd(child: ChildProcess): Promise<ProcessEnd> {
  const [code, signal] = await once(child, 'close');
  return signal ?? code;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = new AbortController();
  const late = delay(patienceMs, undefined, { signal: patience.signal }).then(() => child.kill('SIGKILL'));
  late.catch(() => undefined);
  await ended;
  patience.abort();
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}
