const frameMs = 1000;

/**
 * Runs a long step under a progress line on stderr: a counting line on a terminal, two plain lines elsewhere.
 *
 * @template T
 * @param {{ doing: string, done: string }} label "Installing dependencies", "Installed dependencies"
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function showProgress(label, step) {
  const startedAt = performance.now();
  const live = process.stderr.isTTY;
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  const tick = () => process.stderr.write(`\r${label.doing} … ${Math.round(Number(seconds()))} s`);
  if (live) tick();
  else process.stderr.write(`${label.doing} …\n`);
  const timer = live ? setInterval(tick, frameMs) : undefined;
  try {
    const value = await step();
    process.stderr.write(`${live ? '\r\u001B[K' : ''}${label.done} (${seconds()} s)\n`);
    return value;
  } catch (error) {
    if (live) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
