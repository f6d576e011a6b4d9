import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs the command line so many times, `width` at a time, with nothing around it; answers how long all of it took, in ms. */
export async function spawnBare(command: readonly string[], count: number, width = 1): Promise<number> {
  const startedAt = performance.now();
  let left = count;
  const spawnOn = async (): Promise<void> => {
    while (left-- > 0) await spawnOnce(command);
  };
  await Promise.all(Array.from({ length: width }, spawnOn));
  return performance.now() - startedAt;
}

async function spawnOnce([program = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore' });
  await once(child, 'exit');
}
