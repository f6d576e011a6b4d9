/** What to do with a plugin that has crashed. */
export type RestartDecision =
  | { readonly kind: 'start'; readonly delayMs: number }
  | { readonly kind: 'give_up'; readonly untilMs: number };

const memoryMs = 10 * 60_000;
const mostCrashes = 5;
const firstDelayMs = 1000;
const longestDelayMs = 30_000;

/**
 * The first restart comes at once, later ones after 1, 2, 4 … seconds since the last crash; the fifth crash within
 * ten minutes is the last, until the oldest of them is forgotten. Times are milliseconds since the epoch.
 */
export function planRestart(nowMs: number, crashesMs: ReadonlyArray<number>): RestartDecision {
  const recent = crashesMs.filter((crash) => crash > nowMs - memoryMs);
  const [oldest] = recent.slice(-mostCrashes);
  if (recent.length >= mostCrashes && oldest !== undefined)
    return { kind: 'give_up', untilMs: oldest + memoryMs };
  const last = recent.at(-1);
  if (last === undefined || recent.length === 1) return { kind: 'start', delayMs: 0 };
  const pauseMs = Math.min(firstDelayMs * 2 ** (recent.length - 2), longestDelayMs);
  return { kind: 'start', delayMs: Math.max(0, last + pauseMs - nowMs) };
}
