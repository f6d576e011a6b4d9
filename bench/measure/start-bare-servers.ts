import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the servers that answer a constant, as a process of their own. */
export async function startBareServers() {
  const file = fileURLToPath(new URL('../bare-servers.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const ports = JSON.parse(line) as { readonly httpPort: number; readonly grpcPort: number };
  return { ...ports, stop: () => child.kill() };
}
