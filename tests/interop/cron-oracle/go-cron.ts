import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../e2e/stage/run-command.ts';
import { checkout } from '../../e2e/stage/stage-folder.ts';

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

/** The oracle, ready to run, or why there is none. */
export type CronOracle = { readonly program: string } | { readonly missing: string };

/** Builds the oracle; the Go tool's own cache makes the second time fast. */
export async function buildCronOracle(): Promise<CronOracle> {
  const program = path.join(checkout, '.build', 'cron-oracle');
  const options = { cwd: folder, env: { ...process.env, GOTOOLCHAIN: 'local' } };
  const version = await runCommand(['go', 'version'], options).catch(() => undefined);
  if (version?.code !== 0) return { missing: 'Go' };
  const built = await runCommand(['go', 'build', '-buildvcs=false', '-o', program, '.'], options);
  return built.code === 0 && existsSync(program)
    ? { program }
    : { missing: `Go module: ${built.stderr.trim()}` };
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
