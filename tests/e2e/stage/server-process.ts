import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `optimus serve` as a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** `host:port` */
  readonly address: string;
  /** Milliseconds from spawn to ready. */
  readonly readyAfterMs: number;
  /** Everything it wrote so far. */
  output(): string;
  /** Ends it with a signal and answers its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const readyWithinMs = 60_000;
const pollMs = 10;

/** Starts a server. Resolves when it is ready; fails with its output when it ends before that. */
export async function startServerProcess(options: {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
}): Promise<ServerProcess> {
  const startedAt = performance.now();
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const address = await awaitReady(child, options.dataDir, output);
  const readyAfterMs = performance.now() - startedAt;
  return { pid: child.pid ?? 0, address, readyAfterMs, output, end: (signal) => end(child, signal) };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  }
  return () => output;
}

/** A killed server leaves its server.json behind: only one with the pid of this one counts. */
async function awaitReady(child: ChildProcess, dataDir: string, output: () => string): Promise<string> {
  const lastMoment = performance.now() + readyWithinMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < lastMoment) {
    const text = await readFile(path.join(dataDir, 'server.json'), 'utf8').catch(() => '{}');
    const ready = JSON.parse(text) as {
      readonly pid?: number;
      readonly host?: string;
      readonly port?: number;
    };
    if (ready.pid === child.pid) return `${ready.host}:${ready.port}`;
    await delay(pollMs);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not become ready:\n${output()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.signalCode ?? child.exitCode ?? 0;
}
