import { existsSync } from 'node:fs';
import { runChild, stopCode } from '../provision/child.mjs';
import { inRepository, repositoryRoot } from '../provision/repository.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} StepCounts
 * @typedef {import('./steps.mjs').Step} Step
 */

const nameWidth = 16;

/**
 * Runs every step, some side by side, and prints each when it ends. No failure keeps another step from running.
 *
 * @param {readonly Step[]} steps
 * @param {{ lanes: number }} options how many run at the same time
 * @returns {Promise<StepCounts[]>}
 */
export async function runSteps(steps, { lanes }) {
  const waiting = [...steps];
  const ended = new Set(/** @type {string[]} */ ([]));
  /** @type {StepCounts[]} */
  const counts = [];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  while (waiting.length + running.size > 0 && stopCode() === undefined) {
    const index = waiting.findIndex((step) => !step.after || ended.has(step.after));
    const [step] = index >= 0 && running.size < lanes ? waiting.splice(index, 1) : [];
    if (!step) {
      await Promise.race(running);
      continue;
    }
    const task = runStep(step).then((count) => {
      counts.push(count);
      ended.add(step.name);
      running.delete(task);
    });
    running.add(task);
  }
  await Promise.all(running);
  return counts;
}

/**
 * Prints a step's line, and below it all it said when it failed.
 *
 * @param {{ name: string, mark: '✓' | '✗' | '-', note: string, output?: string }} line
 */
export function printStep({ name, mark, note, output = '' }) {
  const details = output.trim() === '' ? '' : `${output.trimEnd()}\n`;
  process.stdout.write(`${mark} ${name.padEnd(nameWidth)} ${note}\n${details}`);
}

/**
 * @param {number} startedAt from `performance.now()`
 */
export function secondsSince(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

/**
 * @param {Step} step
 * @returns {Promise<StepCounts>}
 */
async function runStep({ name, command, args, env, needs, mend }) {
  if (needs && !existsSync(inRepository(needs))) {
    printStep({ name, mark: '-', note: `skipped: ${needs} does not exist` });
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const startedAt = performance.now();
  const { code, output } = await runChild(command, args, { cwd: repositoryRoot, env, capture: true });
  if (stopCode() !== undefined) return { passed: 0, failed: 0, skipped: 0 };
  if (code === 0) {
    printStep({ name, mark: '✓', note: secondsSince(startedAt) });
    return { passed: 1, failed: 0, skipped: 0 };
  }
  printStep({ name, mark: '✗', note: `${secondsSince(startedAt)}, exit code ${code} (${mend})`, output });
  return { passed: 0, failed: 1, skipped: 0 };
}
