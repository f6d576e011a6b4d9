import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { OPTIMUS } from './run-optimus.ts';

/** A server that runs as a process of its own, started by `optimus serve`. */
export interface ServerProcess {
  /** `host:port`. */
  readonly address: string;
  /** Asks it to stop, waits, and answers its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a server on a free port and waits until it says that it is ready. */
export async function startServer(
  cwd: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const [program, ...rest] = OPTIMUS;
  const child = spawn(program, [...rest, 'serve', '--port', '0', ...flags], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  const ended = once(child, 'close');
  const ready = readAddress(child.stdout);
  const address = await Promise.race([ready, ended.then(() => undefined)]);
  if (address === undefined) throw new TypeError(`the server ended: ${errors.join('\n')}`);
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      return typeof code === 'number' ? code : null;
    },
  };
}

async function readAddress(stdout: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface(stdout)) {
    const address = /ready on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  return undefined;
}
