import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toEnvFile } from '@optimus/compiler';
import { findAssetNameProblem, fromSentAssets, OptimusError, toAssetBytes } from '@optimus/domain';
import type { Invocation } from '../command-line/command-spec.ts';

/** What a task or hook works with. */
export interface RunInput {
  readonly envs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Name relative to the folder, to text. */
  readonly files: Readonly<Record<string, string>>;
  /** One sentence a template that found no value; servers of before tell none. */
  readonly warnings: readonly string[];
}

/** A context as the server answers it. */
export interface AnsweredContext extends RunInput {
  readonly binaryFiles: Readonly<Record<string, Uint8Array>>;
}

/** The input that an answer holds; none when the server left the context out. */
export function toRunInput(answer: AnsweredContext | undefined): RunInput {
  if (!answer) return { envs: {}, secrets: {}, files: {}, warnings: [] };
  return { ...answer, files: fromSentAssets(answer.files, answer.binaryFiles) };
}

const FILE_MODE = 0o600;
const NO_VALUE = '<no value>';

/**
 * Writes `<--output-dir>/in/` with `.env`, `.secret` and the assets, each readable by its owner alone, and says what had no value. @throws OptimusError `REQUEST_INVALID` for a file that would land outside of the folder
 */
export async function writeRunInput({ flags, terminal }: Invocation, input: RunInput): Promise<void> {
  const folder = path.resolve(terminal.cwd, flags.text('output-dir') ?? '/tmp', 'in');
  assertFilesStayInside(input.files);
  for (const [name, text] of Object.entries(input.files)) await writePrivate(path.join(folder, name), text);
  await writePrivate(path.join(folder, '.env'), toEnvFile(input.envs));
  await writePrivate(path.join(folder, '.secret'), toEnvFile(input.secrets));
  const mark = terminal.style('yellow', 'Warning:', 'stderr');
  for (const warning of listWarnings(input)) terminal.note(`${mark} ${warning}`);
  terminal.print(`wrote ${2 + Object.keys(input.files).length} files to ${folder}`);
}

/** The names come from a job's author by way of the server: they are checked where they become paths. */
function assertFilesStayInside(files: RunInput['files']): void {
  for (const name of Object.keys(files)) {
    const problem = findAssetNameProblem(name);
    if (problem === undefined) continue;
    throw new OptimusError('REQUEST_INVALID', {
      message: `the server sent a file called ${JSON.stringify(name)}, which ${problem}`,
      hint: 'nothing was written',
    });
  }
}

async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, toAssetBytes(text), { mode: FILE_MODE });
  // A file that was there before keeps its mode otherwise.
  await chmod(file, FILE_MODE);
}

function listWarnings({ warnings, envs, secrets }: RunInput): readonly string[] {
  if (warnings.length > 0) return warnings;
  const missing = listMissing({ ...envs, ...secrets });
  if (missing.length === 0) return [];
  return [`${NO_VALUE} in ${missing.join(', ')}: a secret or setting they refer to is not set`];
}

function listMissing(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(variables).filter((name) => variables[name]?.includes(NO_VALUE));
}
