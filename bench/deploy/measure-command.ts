import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** What a command took. */
export interface Usage {
  readonly ms: number;
  /** Resident memory at its most, in MB. */
  readonly memoryMb: number;
}

/** How a command is run. */
export interface MeasuredCommand {
  /** A program for Node and its arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. */
  readonly codes?: readonly number[];
}

const USAGE_VARIABLE = 'BENCH_USAGE_FILE';

/** Loaded into the command first; it says at its end how much memory it needed. */
const noteMemory = `data:text/javascript,import { writeFileSync } from 'node:fs';
process.once('exit', () => writeFileSync(process.env.${USAGE_VARIABLE}, String(process.resourceUsage().maxRSS)));`;

/** Runs a program of Node to its end. Fails when it does. */
export async function measureCommand({ args, cwd, env, codes = [0] }: MeasuredCommand): Promise<Usage> {
  const usageFile = path.join(cwd, '.usage');
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', noteMemory, ...args], {
    cwd,
    env: { ...(env ?? process.env), [USAGE_VARIABLE]: usageFile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const ms = performance.now() - startedAt;
  if (!codes.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}:\n${errors}`);
  return { ms, memoryMb: Number(await readFile(usageFile, 'utf8')) / 1024 };
}
