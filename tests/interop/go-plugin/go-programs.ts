import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../e2e/stage/run-command.ts';
import { checkout } from '../../e2e/stage/stage-folder.ts';
import { buildOnce } from '../build-once.ts';

/** A plugin and two hosts in Go, built with one version of go-plugin. */
export interface GoPrograms {
  readonly version: string;
  readonly plugin: string;
  readonly host: string;
  /** Times a host that does nothing but start a plugin and ask who it is. */
  readonly timer: string;
}

/** The programs by version of go-plugin, or why there are none. */
export type GoBuild = { readonly programs: readonly GoPrograms[] } | { readonly missing: string };

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The current one, and the one that plugins of Optimus were released with. */
const modules = ['go.mod', 'go-plugin-1.4.mod'] as const;

/** Builds once per checkout and state of the sources; later calls find the programs. */
export async function buildGoPrograms(): Promise<GoBuild> {
  if (!(await succeeds(['go', 'version']))) return { missing: 'Go' };
  const built: GoPrograms[] = [];
  for (const module of modules) {
    const programs = await build(module);
    if (programs === undefined) return { missing: 'module proxy for Go, or its programs do not build' };
    built.push(programs);
  }
  return { programs: built };
}

async function build(module: string): Promise<GoPrograms | undefined> {
  const output = path.join(checkout, '.build', `go-plugin-${digestOf(module)}`);
  const flags = ['-p', '1', '-buildvcs=false', '-ldflags=-s -w', `-modfile=${module}`, '-o', output];
  const missing = await buildOnce(output, async () =>
    (await succeeds(['go', 'build', ...flags, './plugin', './host', './timer'])) ? undefined : module,
  );
  if (missing !== undefined) return undefined;
  return {
    version: readVersion(module),
    plugin: path.join(output, 'plugin'),
    host: path.join(output, 'host'),
    timer: path.join(output, 'timer'),
  };
}

function digestOf(module: string): string {
  const hash = createHash('sha256').update(readFileSync(path.join(folder, module)));
  for (const program of ['wire', 'plugin', 'host', 'timer']) {
    const sources = readdirSync(path.join(folder, program)).sort();
    for (const source of sources) hash.update(readFileSync(path.join(folder, program, source)));
  }
  return hash.digest('hex').slice(0, 12);
}

function readVersion(module: string): string {
  const text = readFileSync(path.join(folder, module), 'utf8');
  return /hashicorp\/go-plugin v(\S+)/.exec(text)?.[1] ?? module;
}

async function succeeds(command: readonly [string, ...string[]]): Promise<boolean> {
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const ended = await runCommand(command, { cwd: folder, env }).catch(() => undefined);
  return ended?.code === 0;
}
