import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../e2e/stage/run-command.ts';
import { checkout } from '../e2e/stage/stage-folder.ts';

/** A program in Go that says what Go does, ready to run, or why there is none. */
export type Oracle = { readonly program: string } | { readonly missing: string };

/** Builds the Go module of a folder under a name; the Go tool's own cache makes the second time fast. */
export async function buildOracle(name: string, folder: string): Promise<Oracle> {
  const program = path.join(checkout, '.build', name);
  const options = { cwd: folder, env: { ...process.env, GOTOOLCHAIN: 'local' } };
  const version = await runCommand(['go', 'version'], options).catch(() => undefined);
  if (version?.code !== 0) return { missing: 'Go' };
  const built = await runCommand(['go', 'build', '-buildvcs=false', '-o', program, '.'], options);
  return built.code === 0 && existsSync(program)
    ? { program }
    : { missing: `Go module: ${built.stderr.trim()}` };
}
