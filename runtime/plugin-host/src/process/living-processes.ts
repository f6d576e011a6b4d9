import type { ChildProcess } from 'node:child_process';

/** Plugins must not outlive their host, however it ends; only SIGKILL cannot be caught, and the sweep covers it. */
const living = new Set<ChildProcess>();

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Makes the process end with the host. */
export function endWithHost(child: ChildProcess): void {
  if (living.size === 0) watchHost();
  living.add(child);
  child.once('exit', () => {
    living.delete(child);
    if (living.size === 0) unwatchHost();
  });
}

function watchHost(): void {
  process.on('exit', killAll);
  for (const signal of endingSignals) process.on(signal, endByDefault);
}

function unwatchHost(): void {
  process.off('exit', killAll);
  for (const signal of endingSignals) process.off(signal, endByDefault);
}

function killAll(): void {
  for (const child of living) child.kill('SIGKILL');
}

/** A program that handles the signal itself stops its host in its own time; for all others we keep the default. */
function endByDefault(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  unwatchHost();
  process.kill(process.pid, signal);
}
