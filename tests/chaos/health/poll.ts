import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/** Asks until the answer is true, at most so long. A question that fails is asked again. Answers whether it came true. */
export async function pollUntil(question: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const lastMoment = performance.now() + patienceMs;
  while (performance.now() < lastMoment) {
    if (await question().catch(() => false)) return true;
    await delay(POLL_MS);
  }
  return false;
}
