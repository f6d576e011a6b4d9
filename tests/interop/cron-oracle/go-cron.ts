import { fileURLToPath } from 'node:url';
import { runCommand } from '../../e2e/stage/run-command.ts';
import { buildOracle, type Oracle } from '../build-oracle.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The ticks of an expression between two instants in milliseconds, the first included. */
export interface CronQuestion {
  readonly expression: string;
  readonly from: number;
  readonly until: number;
}

/** Ticks in milliseconds, or why the expression is refused. */
export interface CronAnswer {
  readonly ticks: readonly number[];
  readonly error?: string;
}

/** Builds the oracle. */
export function buildCronOracle(): Promise<Oracle> {
  return buildOracle('cron-oracle', folder);
}

/** When robfig/cron fires, question by question. */
export async function askGo(
  program: string,
  questions: readonly CronQuestion[],
): Promise<readonly CronAnswer[]> {
  return JSON.parse(await runOracle([program], JSON.stringify(questions))) as readonly CronAnswer[];
}

/** Every zone that Go knows. */
export async function listGoZones(program: string): Promise<readonly string[]> {
  return JSON.parse(await runOracle([program, '-zones'], '')) as readonly string[];
}

async function runOracle(command: readonly [string, ...string[]], input: string): Promise<string> {
  const ended = await runCommand(command, { cwd: folder, env: process.env, input });
  if (ended.code !== 0) throw new Error(`the oracle ended with ${ended.code}: ${ended.stderr.slice(0, 500)}`);
  return ended.stdout;
}
