import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 25;
const patienceMs = 60_000;

/** Waits until the condition holds; fails with what was waited for, and with what is seen then, when that takes a minute. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  look: () => string | Promise<string> = () => '',
): Promise<void> {
  const lastMoment = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > lastMoment) throw new Error(`waited in vain until ${what} ${await look()}`);
    await delay(pollMs);
  }
}
