import { spawn } from 'node:child_process';
import { OptimusError } from '@optimus/domain';

/** A program that a build needs, and what to do without it. */
export interface ToolCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the call is for, as in "go cannot …". */
  readonly purpose: string;
  readonly hint: string;
}

const SHOWN_LINES = 40;

/**
 * Runs a tool to its end and answers what it printed to its standard output. @throws OptimusError `PRECONDITION_FAILED` with the end
 * of its output when it is not there or fails
 */
export async function runTool(call: ToolCall): Promise<string> {
  const { code, stdout, output } = await collect(call);
  if (code === 0) return stdout;
  const tail = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `${call.program} cannot ${call.purpose}:\n${tail}`,
    hint: call.hint,
  });
}

/** Whether a tool is there and does what it is asked. */
export async function canRun(program: string, args: readonly string[]): Promise<boolean> {
  return collect({ program, args, cwd: process.cwd(), purpose: 'run', hint: '' }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

function collect(call: ToolCall): Promise<{ code: number | null; stdout: string; output: string }> {
  const child = spawn(call.program, call.args, {
    cwd: call.cwd,
    env: call.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(call, cause)));
    child.once('close', (code) => resolve({ code, stdout, output }));
  });
}

function notStarted({ program, purpose, hint }: ToolCall, cause: Error): OptimusError {
  const message = `${program} is needed to ${purpose}, and does not start: ${cause.message}`;
  return new OptimusError('PRECONDITION_FAILED', { message, hint, cause });
}
