import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../e2e/stage/run-command.ts';
import { checkout } from '../../e2e/stage/stage-folder.ts';
import { buildOracle, type Oracle } from '../build-oracle.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Where the templates stand with what Go made of them. */
export const goldenFile = path.join(checkout, 'core/compiler/src/template/fixtures/golden.json');

/** What Go makes of one template; `error` is absent when it renders. */
export interface GoOutcome {
  readonly template: string;
  readonly output: string;
  readonly error?: string;
}

/** Builds the oracle. */
export function buildGoOracle(): Promise<Oracle> {
  return buildOracle('template-oracle', folder);
}

/** Renders templates with Go, in their order. */
export async function renderWithGo(
  program: string,
  templates: readonly string[],
): Promise<readonly GoOutcome[]> {
  return JSON.parse(await runOracle([program], templates)) as readonly GoOutcome[];
}

/** How often Go parses and renders all of the templates in a second. */
export async function measureGo(
  program: string,
  templates: readonly string[],
  seconds: number,
): Promise<number> {
  return Number(await runOracle([program, '-measure', `${seconds}s`], templates));
}

/** The templates of the golden file with what Go made of them when it was written. */
export function readGolden(): readonly GoOutcome[] {
  return JSON.parse(readFileSync(goldenFile, 'utf8')) as readonly GoOutcome[];
}

async function runOracle(
  command: readonly [string, ...string[]],
  templates: readonly string[],
): Promise<string> {
  const input = JSON.stringify(templates.map((template) => ({ template })));
  const ended = await runCommand(command, { cwd: folder, env: process.env, input });
  if (ended.code !== 0) throw new Error(`the oracle ended with ${ended.code}: ${ended.stderr.slice(0, 500)}`);
  return ended.stdout;
}
