import { runPostgresStep } from './check/postgres-step.mjs';
import { runSteps } from './check/run-steps.mjs';
import { listSteps } from './check/steps.mjs';
import { runTestStep } from './check/test-step.mjs';
import { stopCode } from './provision/child.mjs';

/**
 * Runs everything CI runs and reports one line a step. Its last line is `N passed, N failed[, N skipped]`, counting
 * tests and steps.
 *
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {readonly string[]} args `--no-tests` counts the tests of the last `npm test` instead of running them
 * @returns {Promise<number>} 1 when anything failed
 */
export async function check(toolchain, args) {
  const results = await runSteps(listSteps(toolchain), { lanes: 2 });
  // Tests come last and alone: they time real processes, and two cores are soon taken.
  const tests = await runTestStep(toolchain, { run: !args.includes('--no-tests') });
  const postgres = stopCode() === undefined ? [await runPostgresStep(toolchain)] : [];
  const stopped = stopCode();
  if (stopped !== undefined) return stopped;
  return printTotals([...results, tests, ...postgres]);
}

/** @param {readonly import('./check/run-steps.mjs').StepCounts[]} counts */
function printTotals(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed > 0 ? 1 : 0;
}
