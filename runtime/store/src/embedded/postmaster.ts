import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Log, OptimusError } from '@optimus/domain';
import type { ClusterOwner } from './cluster-owner.ts';
import { type StopWatching, watchParent } from './parent-watch.ts';
import { cancelledError, tailOf } from './postgres-program.ts';
import { FAST_STOP_MS, findPostmasterFile, IMMEDIATE_STOP_MS } from './postmaster-file.ts';
import { toSpawnOptions } from './spawn-options.ts';

/** What starting the server program needs. */
export interface PostmasterOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cluster: string;
  readonly owner: ClusterOwner | undefined;
  /** Standard output and error of the server are appended here. */
  readonly logFile: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const LOG_FILE_BYTES = 10 * 1024 * 1024;
const READY_POLL_MS = 4;
const STILL_IN_USE = /pre-existing shared memory block|is still in use/;

/** One running server program, our child. */
export class Postmaster {
  readonly #child: ChildProcess;
  readonly #options: PostmasterOptions;
  readonly #ended: Promise<string>;
  #stopWatching: StopWatching = () => undefined;
  #isEnded = false;
  #isStopping = false;

  private constructor(child: ChildProcess, options: PostmasterOptions) {
    this.#child = child;
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be run: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
      );
    });
    void this.#ended.then(() => this.#noteEnd());
  }

  /**
   * Starts the server and resolves when it takes connections, however long its crash recovery needs.
   * @throws OptimusError `DATABASE_FAILED` with the tail of its log, `CANCELLED`
   */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    rotateLog(options.logFile);
    for (let attempt = 1; ; attempt++) {
      const logOffset = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0;
      const postmaster = Postmaster.#spawn(options);
      const failure = await postmaster.#awaitReady();
      if (failure === undefined) return postmaster;
      if (options.signal.aborted) throw cancelledError(options.program);
      const lines = readFileSync(options.logFile, 'utf8').slice(logOffset);
      // The workers of a server that was killed take a moment to notice.
      if (!STILL_IN_USE.test(lines) || attempt === 100) throw startError(options, failure, lines);
      await delay(100);
    }
  }

  /** Resolves with a sentence when the server ends without having been asked to. */
  get died(): Promise<string> {
    return this.#ended.then((how) => (this.#isStopping ? new Promise<string>(() => undefined) : how));
  }

  /** Fast shutdown; immediate, then kill, when it takes too long. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.ref();
    for (const [signal, patienceMs] of [
      ['SIGINT', FAST_STOP_MS],
      ['SIGQUIT', IMMEDIATE_STOP_MS],
      ['SIGKILL', IMMEDIATE_STOP_MS],
    ] as const) {
      if (this.#isEnded) return;
      this.#child.kill(signal);
      await this.#endsWithin(patienceMs);
    }
  }

  static #spawn(options: PostmasterOptions): Postmaster {
    const logFd = openSync(options.logFile, 'a', 0o600);
    try {
      const child = spawn(options.program, options.args, {
        ...toSpawnOptions(options.owner),
        stdio: ['ignore', logFd, logFd],
      });
      const postmaster = new Postmaster(child, options);
      child.unref();
      if (child.pid !== undefined)
        postmaster.#stopWatching = watchParent(child.pid, options.owner, options.log);
      return postmaster;
    } finally {
      closeSync(logFd);
    }
  }

  /** The sentence of a failed start, or undefined once it is ready. */
  async #awaitReady(): Promise<string | undefined> {
    while (!this.#isEnded && !this.#options.signal.aborted) {
      const file = findPostmasterFile(this.#options.cluster);
      if (file?.pid === this.#child.pid && file?.status === 'ready') return undefined;
      await delay(READY_POLL_MS);
    }
    await this.stop();
    return await this.#ended;
  }

  async #endsWithin(patienceMs: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      this.#ended,
      delay(patienceMs, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }

  #noteEnd(): void {
    this.#isEnded = true;
    this.#stopWatching();
  }
}

function rotateLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_FILE_BYTES) renameSync(file, `${file}.1`);
}

function startError(options: PostmasterOptions, failure: string, lines: string): OptimusError {
  return new OptimusError('DATABASE_FAILED', {
    message: `the database server ${failure} while starting:\n${tailOf(lines)}`,
    hint: `see ${options.logFile}`,
    fields: { directory: options.cluster },
  });
}
