import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@optimus/domain';
import { FirstLine } from './first-line.ts';
import { LineSplitter } from './line-splitter.ts';
import { endWithHost } from './living-processes.ts';
import { parsePluginLogLine } from './plugin-log-line.ts';
import { isCrashHeading, Tail } from './tail.ts';

/** How a process ended: with a code, or by a signal. */
export interface PluginExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is known of a plugin's process, whoever started it. */
export interface ProcessWatch {
  readonly exited: Promise<PluginExit>;
  /** Undefined as long as the process runs. */
  readonly exit: PluginExit | undefined;
  /** The last lines on standard error. */
  readonly errorTail: ReadonlyArray<string>;
  /** Undefined when the exit did not come in time. */
  waitForExit(timeoutMs: number): Promise<PluginExit | undefined>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

export interface PluginProcessOptions {
  /** The vetted file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** A certificate line has about 1 KiB. */
export const handshakeLimitBytes = 16 * 1024;
const lineLimitBytes = 64 * 1024;
/** After the exit, grandchildren may hold the pipes open for ever; what the plugin wrote itself is there by then. */
const pipeGraceMs = 200;

/** A running plugin: its output is read to the end, its log lines are forwarded, its exit is known. */
export class PluginProcess implements ProcessWatch {
  readonly #child: ChildProcess;
  readonly #firstLine: FirstLine;
  /** Go has begun to print why it dies. */
  #crashed = false;
  readonly #errors = new Tail();
  readonly #exited = Promise.withResolvers<PluginExit>();
  readonly #spawned = Promise.withResolvers<void>();
  #exit: PluginExit | undefined;

  constructor({ file, env, log }: PluginProcessOptions) {
    const output = new LineSplitter(lineLimitBytes, (line) => log.debug(line, { stream: 'stdout' }));
    this.#firstLine = new FirstLine(handshakeLimitBytes, (chunk) => output.push(chunk));
    this.#child = spawn(file, [], {
      env,
      shell: false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#watchOutput(log);
    this.#watchLife();
  }

  /** Resolves once the program runs, and rejects with the system's error when it cannot be started. */
  get spawned(): Promise<void> {
    return this.#spawned.promise;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The first line on standard output; undefined when too much came without a line break. */
  get firstLine(): Promise<string | undefined> {
    return this.#firstLine.line;
  }

  /** Standard output before the first line break. */
  get partialOutput(): string {
    return this.#firstLine.partial;
  }

  get exited(): Promise<PluginExit> {
    return this.#exited.promise;
  }

  /** Undefined as long as the process runs. */
  get exit(): PluginExit | undefined {
    return this.#exit;
  }

  /** The last lines on standard error. */
  get errorTail(): ReadonlyArray<string> {
    return this.#errors.lines;
  }

  /** Waits for the exit. Undefined when it did not come in time. */
  async waitForExit(timeoutMs: number): Promise<PluginExit | undefined> {
    const abort = new AbortController();
    const timeout = delay(timeoutMs, undefined, { signal: abort.signal }).catch(() => undefined);
    const exit = await Promise.race([this.exited, timeout]);
    abort.abort();
    return exit;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.signal('SIGKILL');
    await this.exited;
  }

  #watchOutput(log: Log): void {
    const errors = new LineSplitter(lineLimitBytes, (line) => this.#forwardLogLine(line, log));
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#firstLine.push(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    this.#child.stderr?.on('end', () => errors.flush());
  }

  #forwardLogLine(line: string, log: Log): void {
    this.#crashed ||= isCrashHeading(line);
    const { level, message, fields } = parsePluginLogLine(line);
    this.#errors.add(message === line ? line : `[${level}] ${message}`);
    if (this.#crashed) log.error(message, fields);
    else log[level === 'trace' ? 'debug' : level](message, fields);
  }

  #watchLife(): void {
    const child = this.#child;
    child.once('spawn', () => {
      endWithHost(child);
      this.#spawned.resolve();
    });
    child.once('error', (error) => this.#spawned.reject(error));
    child.once('exit', (code, signal) => void this.#recordExit({ code, signal }));
  }

  /** The exit counts once the output is read, so that a report of it can quote the last lines. */
  async #recordExit(exit: PluginExit): Promise<void> {
    await Promise.all([this.#child.stdout, this.#child.stderr].map(awaitEnd));
    this.#exit = exit;
    this.#exited.resolve(exit);
  }
}

async function awaitEnd(stream: Readable | null): Promise<void> {
  if (stream === null || stream.closed) return;
  const abort = new AbortController();
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const grace = delay(pipeGraceMs, undefined, { signal: abort.signal }).catch(() => undefined);
  await Promise.race([closed, grace]);
  abort.abort();
  stream.destroy();
}

/** For messages: `exit code 2` or `signal SIGKILL`. */
export function describeExit({ code, signal }: PluginExit): string {
  if (code === null && signal === null) return 'exit unknown, as another program started it';
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
