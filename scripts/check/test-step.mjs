import { readSummary, testAndCollect } from '../test.mjs';
import { printStep, secondsSince } from './run-steps.mjs';

/**
 * Runs the tests, or counts what the last `npm test` left behind.
 *
 * @param {import('../provision.mjs').Toolchain} toolchain
 * @param {{ run: boolean }} options
 * @returns {Promise<import('./run-steps.mjs').StepCounts>} tests, not files
 */
export async function runTestStep(toolchain, { run }) {
  if (!run) return countLastRun();
  const startedAt = performance.now();
  const { output, summary } = await testAndCollect(toolchain, [], { capture: true });
  const failed = summary.failed > 0;
  const note = `${secondsSince(startedAt)}, ${describeCounts(summary)}`;
  printStep({ name: 'tests', mark: failed ? '✗' : '✓', note, output: failed ? output : '' });
  return summary;
}

async function countLastRun() {
  const summary = await readSummary();
  if (!summary) return reportMissing();
  const narrowed = summary.args.length > 0 ? ` (narrowed to ${summary.args.join(' ')})` : '';
  const note = `by npm test: ${describeCounts(summary)}${narrowed}`;
  printStep({ name: 'tests', mark: summary.failed > 0 ? '✗' : '✓', note });
  return summary;
}

/** CI runs `npm test` first: no summary there means that it broke before it could count. */
function reportMissing() {
  const inCi = process.env.CI === 'true';
  printStep({ name: 'tests', mark: inCi ? '✗' : '-', note: 'not run: `npm test` has left no summary' });
  return { passed: 0, failed: inCi ? 1 : 0, skipped: inCi ? 0 : 1 };
}

/** @param {import('./run-steps.mjs').StepCounts} counts */
function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
