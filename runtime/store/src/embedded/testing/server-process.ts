import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Another process that runs an embedded server, for tests of what happens between processes. */
export interface ServerProcess {
  readonly pid: number;
  /** `ready` when its server runs, `refused` with the message when it does not. Resolves once. */
  readonly outcome: Promise<{ readonly kind: 'ready' | 'refused'; readonly text: string }>;
  /** Ends the process with the signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Spawns a process that starts an embedded server on the directory, as the given account if any. */
export function spawnServerProcess(
  dataDir: string,
  account: { uid?: number; gid?: number } = {},
): ServerProcess {
  const program = fileURLToPath(new URL('hold-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', program, dataDir], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? -1,
    outcome: readOutcome(child),
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

async function readOutcome(child: ChildProcess): Promise<{ kind: 'ready' | 'refused'; text: string }> {
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      const kind = line.startsWith('ready') ? 'ready' : 'refused';
      return { kind, text: line.slice(kind.length + 1) };
    }
  }
  return { kind: 'refused', text: 'ended without a word' };
}
