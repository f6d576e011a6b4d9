import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toEnvFile } from '@optimus/compiler';
import { findAssetNameProblem, OptimusError, toAssetBytes } from '@optimus/domain';
import type { Invocation } from '../command-line/command-spec.ts';
import type { RenderedPart, RenderedRun } from './rendered-run.ts';

/** Where hooks go within the folder of their job. */
const HOOKS_FOLDER = '.hooks';

/**
 * Writes `.env`, `.secret` and the files of the task into `./render/<job>` or `--dir`, and those of each hook into `.hooks/<hook>`
 * below it. @throws OptimusError `REQUEST_INVALID` for a file that would land outside of the folder
 */
export async function writeRenderedRun(
  { flags, terminal }: Invocation,
  rendered: RenderedRun,
): Promise<void> {
  const folder = path.resolve(terminal.cwd, flags.text('dir') ?? path.join('render', rendered.job));
  const files = new Map(rendered.instances.flatMap((part) => [...listFiles(part)]));
  for (const [name, text] of files) await write(path.join(folder, name), text);
  const { scheduledAt, windowStart, windowEnd } = rendered;
  const shown = path.relative(terminal.cwd, folder) || folder;
  terminal.print(`wrote ${files.size} files to ${shown}`);
  terminal.print(`run of ${scheduledAt}, window ${windowStart} – ${windowEnd}; secrets are masked`);
}

function listFiles({
  type,
  name,
  envs,
  secrets,
  files,
}: RenderedPart): readonly (readonly [string, string])[] {
  assertFilesStayInside(files);
  const folder = type === 'task' ? '' : path.join(HOOKS_FOLDER, name);
  const all = { ...files, '.env': toEnvFile(envs), '.secret': toEnvFile(secrets) };
  return Object.entries(all).map(([file, text]) => [path.join(folder, file), text]);
}

function assertFilesStayInside(files: RenderedPart['files']): void {
  for (const name of Object.keys(files)) {
    const problem = findAssetNameProblem(name);
    if (problem === undefined) continue;
    throw new OptimusError('REQUEST_INVALID', {
      message: `a file called ${JSON.stringify(name)} ${problem}`,
      hint: 'nothing was written',
    });
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, toAssetBytes(text));
}
