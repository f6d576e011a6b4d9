import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toErrorMessage } from '@optimus/domain';
import { parseSupervisor, type SupervisorRecord } from '../attempt-folder.ts';
import type { CommandLine } from '../process-image.ts';
import type { LaunchMessage, LaunchRequest } from './messages.ts';

/** The launcher's program, from the sources that this file belongs to. */
export const SOURCE_LAUNCHER: CommandLine = [
  process.execPath,
  '--conditions=source',
  fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url)),
];

/** Why a supervisor was not started. */
export class LaunchFailure extends Error {
  /** Whether the process that was to start it was killed: it may have been started all the same. */
  readonly isUnknown: boolean;

  constructor(message: string, { isUnknown }: { readonly isUnknown: boolean }) {
    super(message);
    this.isUnknown = isUnknown;
  }
}

/** A supervisor that was started. */
export interface Launched {
  readonly supervisor: SupervisorRecord;
  /** Why limits do not bind, or not all; empty when they do. */
  readonly unlimited: string;
  /** Resolves when it has ended, or when nobody is there any more who would tell. */
  readonly ended: Promise<void>;
}

interface Waiting {
  readonly request: LaunchRequest;
  /** With undefined: the attempt has a folder, or had one. */
  readonly begun: PromiseWithResolvers<Launched | undefined>;
  readonly ended: PromiseWithResolvers<void>;
}

/**
 * Has processes started by a small process: the system copies the tables of a process's memory to start another one, which takes a
 * server ten times as long, and nothing else happens in it meanwhile. The small one is started when it is needed, and anew when it was killed.
 */
export class Launcher {
  readonly #program: CommandLine;
  readonly #onLost: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #child: ChildProcess | undefined;

  /** @param onLost called when the process was killed: the ends of what it had started are told by nobody */
  constructor(program: CommandLine, onLost: () => void) {
    this.#program = program;
    this.#onLost = onLost;
  }

  /**
   * Resolves when the supervisor has begun, or has found that it must not; with nothing when the attempt has a folder, or had one.
   * @throws LaunchFailure
   */
  launch(request: LaunchRequest): Promise<Launched | undefined> {
    const begun = Promise.withResolvers<Launched | undefined>();
    this.#count += 1;
    this.#send(this.#count, { request, begun, ended: Promise.withResolvers() });
    return begun.promise;
  }

  /** Has the process start, so that the first task need not wait for it. */
  warmUp(): void {
    this.#child ??= this.#start();
  }

  /** Lets the process go. What it has started lives on, and nobody is told of its end. */
  stop(): void {
    const child = this.#child;
    if (!child) return;
    this.#fail(child, { message: 'the server is stopping', isUnknown: false });
    if (child.connected) child.disconnect();
  }

  #send(id: number, waiting: Waiting): void {
    this.#waiting.set(id, waiting);
    this.#child ??= this.#start();
    const child = this.#child;
    child.send({ id, request: waiting.request }, (error) => {
      if (!error || this.#waiting.get(id) !== waiting) return;
      // It was killed before: nobody has the request, so another one may be asked.
      this.#waiting.delete(id);
      this.#lose(child, error.message);
      this.#send(id, waiting);
    });
  }

  #start(): ChildProcess {
    const [program = '', ...args] = this.#program;
    const { PATH = '' } = process.env;
    const child = spawn(program, args, {
      cwd: '/',
      // Without the server's environment, and out of reach of what a terminal sends to the server's group.
      env: { PATH },
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Bytes travel as they are.
      serialization: 'advanced',
    });
    child.unref();
    child.channel?.unref();
    child.on('message', (message) => this.#take(message as LaunchMessage));
    child.on('error', (error) => {
      // A program that cannot be started; what cannot be sent is told to whoever sends it.
      if (child.pid === undefined) this.#fail(child, { message: toErrorMessage(error), isUnknown: false });
    });
    child.once('exit', () => this.#lose(child, 'the process that starts tasks was killed'));
    return child;
  }

  #take({ id, ...message }: LaunchMessage): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const { begun, ended } = waiting;
    if (message.kind === 'begun') {
      const { unlimited } = message;
      const supervisor = parseSupervisor(message.supervisor);
      return begun.resolve({ supervisor, unlimited, ended: ended.promise });
    }
    this.#waiting.delete(id);
    if (message.kind === 'existed') begun.resolve(undefined);
    if (message.kind === 'ended') ended.resolve();
    if (message.kind === 'refused') begun.reject(new LaunchFailure(message.message, { isUnknown: false }));
  }

  #lose(child: ChildProcess, message: string): void {
    if (this.#child !== child) return;
    this.#fail(child, { message, isUnknown: true });
    this.#onLost();
  }

  #fail(child: ChildProcess, why: { readonly message: string; readonly isUnknown: boolean }): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const failed = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { begun, ended } of failed) {
      begun.reject(new LaunchFailure(why.message, why));
      ended.resolve();
    }
  }
}
