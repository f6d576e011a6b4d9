import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ColumnLineage, LineageInput } from '@optimus/domain';

/** How a process that analyses is started and bounded. */
export interface LineageProcessOptions {
  /** The program; default: the one of the sources. */
  readonly program?: string;
  /** What one job may take; default 20,000. */
  readonly timeoutMs?: number;
  /** Memory that the parser may take, in MiB; default 512. */
  readonly memoryMb?: number;
  /** How long the process outlives its last job; default 3,000. */
  readonly idleMs?: number;
}

const SOURCE_PROGRAM = fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url));

const PAGES_A_MB = 16;
const HEAP_MB = 256;

/** Lineage, or the reason why there is none: another time there may be. */
export type Computed = { readonly lineage: ColumnLineage } | { readonly failure: string };

/** Why a process gave no answer. */
type Failure = 'timeout' | 'ended';

/**
 * Computes lineage in a process of its own, one job after the other. The process is started by the first job, and ends soon after the
 * last one, so that it costs nothing while there is nothing to do.
 */
export class LineageProcess {
  readonly #options: LineageProcessOptions;
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: LineageProcessOptions = {}) {
    this.#options = options;
  }

  /** Never rejects. One at a time. */
  async compute(input: LineageInput): Promise<Computed> {
    clearTimeout(this.#idle);
    const outcome = await this.#ask(input);
    // A process may end for reasons that are not the job's: the next one decides.
    const final = outcome === 'ended' ? await this.#ask(input) : outcome;
    this.#idle = setTimeout(() => this.stop(), this.#options.idleMs ?? 3000);
    this.#idle.unref();
    return typeof final === 'string' ? { failure: this.#describe(final) } : { lineage: final };
  }

  /** Ends the process, busy or not. Safe to call twice. */
  stop(): void {
    clearTimeout(this.#idle);
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  async #ask(input: LineageInput): Promise<ColumnLineage | Failure> {
    const child = (this.#child ??= this.#start());
    const { promise, resolve } = Promise.withResolvers<ColumnLineage | Failure>();
    const timer = setTimeout(() => resolve('timeout'), this.#options.timeoutMs ?? 20_000);
    const hear = (message: unknown): void => resolve(message as ColumnLineage);
    const end = (): void => resolve('ended');
    child.once('message', hear).once('exit', end).once('error', end);
    // The send fails when the process has just ended, which its exit tells.
    child.send(input, () => undefined);
    const outcome = await promise;
    clearTimeout(timer);
    child.off('message', hear).off('exit', end).off('error', end);
    if (typeof outcome === 'string') this.stop();
    return outcome;
  }

  #start(): ChildProcess {
    const { program = SOURCE_PROGRAM, memoryMb = 512 } = this.#options;
    const child = fork(program, [], {
      // Only what the program needs: secrets of the server are none of its business.
      env: {},
      execArgv: [
        ...(program === SOURCE_PROGRAM ? ['--conditions=source'] : []),
        `--max-old-space-size=${HEAP_MB}`,
        `--wasm-max-mem-pages=${memoryMb * PAGES_A_MB}`,
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('error', () => undefined);
    giveWay(child);
    child.unref();
    child.channel?.unref();
    return child;
  }

  #describe(failure: Failure): string {
    const { timeoutMs = 20_000, memoryMb = 512 } = this.#options;
    return failure === 'timeout'
      ? `the analysis took longer than ${timeoutMs / 1000} s`
      : `the analysis ended twice without an answer; it may use ${memoryMb} MiB`;
  }
}

/** Nobody waits for lineage: runs and deployments come first. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // A process that has ended already, or a system that does not allow it.
  }
}
