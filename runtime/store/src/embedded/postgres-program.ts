import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Log, OptimusError } from '@optimus/domain';
import type { ClusterOwner } from './cluster-owner.ts';
import { watchParent } from './parent-watch.ts';
import { toSpawnOptions } from './spawn-options.ts';

/** One program run to its end. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly owner: ClusterOwner | undefined;
  readonly input?: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Runs a program to its end. @throws OptimusError `DATABASE_FAILED` with the tail of its output, `CANCELLED` */
export async function runProgram(run: ProgramRun): Promise<void> {
  const child = spawn(run.program, run.args, { ...toSpawnOptions(run.owner), stdio: 'pipe' });
  const abort = (): void => killGroup(child);
  run.signal.addEventListener('abort', abort, { once: true });
  const stopWatching =
    child.pid === undefined ? () => undefined : watchParent(-child.pid, run.owner, run.log);
  const output = collectOutput(child);
  child.stdin?.on('error', () => undefined).end(run.input ?? '');
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (run.signal.aborted) throw cancelledError(run.program);
    if (code !== 0) throw programError(run.program, `exited with code ${code}: ${tailOf(output.join(''))}`);
  } catch (thrown) {
    throw thrown instanceof OptimusError ? thrown : programError(run.program, 'cannot be run', thrown);
  } finally {
    stopWatching();
    run.signal.removeEventListener('abort', abort);
  }
}

/** The last lines of a program's output, for an error message. */
export function tailOf(output: string): string {
  return output.trimEnd().split('\n').slice(-6).join('\n');
}

/** The error of a start that its caller gave up. */
export function cancelledError(program: string): OptimusError {
  return new OptimusError('CANCELLED', { message: `${program} was stopped because the start was cancelled` });
}

function collectOutput(child: ChildProcess): readonly string[] {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  return output;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function programError(program: string, problem: string, cause?: unknown): OptimusError {
  return new OptimusError('DATABASE_FAILED', {
    message: `${program} ${problem}`,
    hint: 'see the lines above; with serve.db.dsn the server uses a PostgreSQL of your own instead',
    fields: { program },
    cause,
  });
}
