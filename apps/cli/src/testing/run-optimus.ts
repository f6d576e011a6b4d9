import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** How one command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is run with. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Program and arguments that run the command from its sources. */
export const OPTIMUS = [
  process.execPath,
  '--conditions=source',
  fileURLToPath(new URL('../main.ts', import.meta.url)),
] as const;

/** What the shell of whoever runs the tests must not decide. */
const NEUTRAL = { FORCE_COLOR: undefined, NO_COLOR: undefined, OPTIMUS_ADMIN_ENABLED: undefined };

/** Runs the command as a process of its own, without a terminal, and waits for its end. */
export async function runOptimus(args: readonly string[], { cwd, env, input }: RunOptions): Promise<Ended> {
  const [program, ...rest] = OPTIMUS;
  const child = spawn(program, [...rest, ...args], {
    cwd,
    env: { ...process.env, ...NEUTRAL, ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input ?? '');
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
