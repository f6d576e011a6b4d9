import { expect, test } from 'vitest';
import { summarize } from './test.mjs';

const report = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
};

test('counts passed, failed and skipped tests', () => {
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const counts = summarize(
    { ...report, numFailedTests: 1, testResults: [failed] },
    { code: 1, args: ['core'] },
  );
  expect(counts).toEqual({ passed: 3, failed: 1, skipped: 2, args: ['core'] });
});

test('counts a file that does not load as one failure', () => {
  const broken = { status: 'failed', assertionResults: [] };
  expect(summarize({ ...report, testResults: [broken, broken] }, { code: 1, args: [] }).failed).toBe(2);
});

test('never reads better than the exit code', () => {
  expect(summarize(report, { code: 1, args: [] }).failed).toBe(1);
  expect(summarize(undefined, { code: 130, args: [] })).toMatchObject({ passed: 0, failed: 1 });
});
