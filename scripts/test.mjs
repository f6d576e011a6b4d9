import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runChild } from './provision/child.mjs';
import { ToolFailure } from './provision/fail.mjs';
import { repositoryRoot, stateFolder } from './provision/repository.mjs';
import { findTool } from './provision/tools.mjs';
import { ensureBuild } from './provision.mjs';

/**
 * @typedef {object} TestSummary
 * @property {number} passed tests
 * @property {number} failed tests, and files or runs that broke outside any test
 * @property {number} skipped tests
 * @property {readonly string[]} args what the run was narrowed to; empty for all tests
 *
 * @typedef {object} VitestReport the fields read from vitest's JSON reporter
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

const reportFile = path.join(stateFolder, 'vitest.json');
const summaryFile = path.join(stateFolder, 'test-summary.json');

/**
 * Builds what is stale, runs the tests under the toolchain's Node and leaves a summary for
 * `npm run check -- --no-tests`. A build that fails is one failure more: most tests do not need it.
 *
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {readonly string[]} args passed on to vitest: file filters, `-t title`, `--project unit`
 * @returns {Promise<number>} the exit code
 */
export async function runTests(toolchain, args) {
  const buildFailure = await findBuildFailure(toolchain);
  const { code, summary } = await testAndCollect(toolchain, args);
  if (!buildFailure) return code;
  // Last, where it is seen: the journeys fail for this reason alone.
  process.stderr.write(`\n${buildFailure.message}\n`);
  await writeSummary({ ...summary, failed: summary.failed + 1 });
  return code || 1;
}

/** @param {import('./provision.mjs').Toolchain} toolchain */
async function findBuildFailure(toolchain) {
  try {
    await ensureBuild(toolchain);
    return undefined;
  } catch (error) {
    if (error instanceof ToolFailure) return error;
    throw error;
  }
}

/**
 * Runs the tests and keeps what they came to for {@link readSummary}.
 *
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {readonly string[]} args
 * @param {{ capture?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string, summary: TestSummary }>}
 */
export async function testAndCollect(toolchain, args, { capture = false } = {}) {
  await rm(summaryFile, { force: true });
  const run = await runVitest(toolchain, args, { capture, report: reportFile });
  await writeSummary(run.summary);
  return run;
}

/**
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {readonly string[]} args
 * @param {{ capture: boolean, report: string }} options the report is a file
 * @returns {Promise<{ code: number, output: string, summary: TestSummary }>}
 */
export async function runVitest({ node, env }, args, { capture, report }) {
  await mkdir(stateFolder, { recursive: true });
  await rm(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const watching = args.includes('--watch') ? [] : ['--run'];
  const flags = [findTool('vitest'), ...watching, ...reporters, ...args];
  const { code, output } = await runChild(node, flags, { cwd: repositoryRoot, env, capture });
  return { code, output, summary: summarize(await readReport(report), { code, args }) };
}

/** @returns {Promise<TestSummary | undefined>} what the last `npm test` of this checkout counted */
export async function readSummary() {
  const text = await readFile(summaryFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * A run can fail with every test passing: a file that does not load, an unhandled rejection, no report at all.
 * Each of these counts as a failure, so that a summary never reads better than the exit code.
 *
 * @param {VitestReport | undefined} report
 * @param {{ code: number, args: readonly string[] }} run
 * @returns {TestSummary}
 */
export function summarize(report, { code, args }) {
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    args,
  };
}

/** @param {TestSummary} summary */
async function writeSummary(summary) {
  await writeFile(summaryFile, `${JSON.stringify(summary)}\n`);
}

/**
 * @param {string} file
 * @returns {Promise<VitestReport | undefined>}
 */
async function readReport(file) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
