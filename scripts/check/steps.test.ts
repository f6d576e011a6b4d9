import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listSteps } from './steps.mjs';

const steps = listSteps({ node: process.execPath, env: process.env });

test('every step has a name of its own, a mend, and a script that exists unless it says it may not', () => {
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  for (const { args, mend, needs } of steps) {
    const script = args.find((arg) => !arg.startsWith('-')) ?? '';
    expect(needs !== undefined || existsSync(script), script).toBe(true);
    expect(mend).toMatch(/^(?:npm run|node) /);
  }
});

test('no step waits for one that is not there', () => {
  const names = steps.map(({ name }) => name);
  const awaited = steps.flatMap(({ after }) => after ?? []);
  expect(names).toEqual(expect.arrayContaining(awaited));
});
