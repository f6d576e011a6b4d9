import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds from spawn to exit. Fails when the command does. */
export async function timeCommand(command: readonly [string, ...string[]], cwd?: string): Promise<number> {
  const [program, ...args] = command;
  const startedAt = performance.now();
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}
