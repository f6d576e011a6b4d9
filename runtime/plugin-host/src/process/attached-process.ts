import { setTimeout as delay } from 'node:timers/promises';
import type { PluginExit, ProcessWatch } from './plugin-process.ts';
import { isSameProcessAlive, readStartTime } from './process-identity.ts';

const lookEveryMs = 1000;

/** A process that somebody else started, a debugger perhaps: it is watched, never ended. */
export class AttachedProcess implements ProcessWatch {
  readonly errorTail: ReadonlyArray<string> = [];
  readonly #exited = Promise.withResolvers<PluginExit>();
  readonly #timer: NodeJS.Timeout;
  #exit: PluginExit | undefined;

  constructor(pid: number) {
    const startTime = readStartTime(pid);
    this.#timer = setInterval(() => {
      if (!isSameProcessAlive(pid, startTime)) this.#recordExit();
    }, lookEveryMs);
    this.#timer.unref();
  }

  get exited(): Promise<PluginExit> {
    return this.#exited.promise;
  }

  get exit(): PluginExit | undefined {
    return this.#exit;
  }

  async waitForExit(timeoutMs: number): Promise<PluginExit | undefined> {
    return Promise.race([this.exited, delay(timeoutMs, undefined, { ref: false })]);
  }

  signal(): void {}

  /** Ends the watch, not the process. */
  async kill(): Promise<void> {
    clearInterval(this.#timer);
  }

  /** How it ended only its parent knows. */
  #recordExit(): void {
    clearInterval(this.#timer);
    this.#exit = { code: null, signal: null };
    this.#exited.resolve(this.#exit);
  }
}
