const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** The pause after so many failures in a row, with jitter, so that servers that failed together do not come back together. */
export function toBackOffMs(failures: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 16), LONGEST_PAUSE_MS);
  return full * (0.5 + Math.random() / 2);
}

/** Resolves after the time, or when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
