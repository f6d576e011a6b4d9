/** How to look at the parent; `read` answers its process id. */
export interface ParentWatchOptions {
  readonly intervalMs?: number;
  readonly read?: () => number;
}

/**
 * Calls `onOrphaned` once the process that started this one is gone. A host killed with -9 cannot stop its plugins,
 * and they would otherwise serve for ever. Returns the way to end the watch.
 */
export function watchParent(onOrphaned: () => void, options: ParentWatchOptions = {}): () => void {
  const read = options.read ?? (() => process.ppid);
  const parent = read();
  const timer = setInterval(() => {
    if (read() === parent && isAlive(parent)) return;
    clearInterval(timer);
    onOrphaned();
  }, options.intervalMs ?? 1000);
  timer.unref();
  return () => clearInterval(timer);
}

/** On Windows the parent's id stays as it was, so ask whether the process lives. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
