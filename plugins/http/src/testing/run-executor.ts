import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const executor = fileURLToPath(new URL('../../executor/main.mjs', import.meta.url));

/** Runs the executor with a configuration, as Optimus does; its tries follow each other at once unless that is configured. */
export async function runExecutor(config: Readonly<Record<string, string>>) {
  const child = startExecutor({ HTTP_RETRY_DELAY: '1ms', ...config });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, signal, stdout, stderr };
}

export function startExecutor(config: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [executor], { env: config, stdio: ['ignore', 'pipe', 'pipe'] });
}
