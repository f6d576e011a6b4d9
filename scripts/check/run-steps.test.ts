import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runSteps } from './run-steps.mjs';

let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function stepOf(name: string, code: string, more: { after?: string; needs?: string } = {}) {
  const base = {
    name,
    command: process.execPath,
    args: ['-e', code],
    env: process.env,
    mend: `npm run ${name}`,
  };
  return { ...base, ...more };
}

test('goes on after a failure and shows all that the failed step said', async () => {
  const steps = [
    stepOf('bad', "console.log('what broke'); process.exit(3)"),
    stepOf('good', "console.log('noise')"),
  ];
  expect(await runSteps(steps, { lanes: 1 })).toEqual([
    { passed: 0, failed: 1, skipped: 0 },
    { passed: 1, failed: 0, skipped: 0 },
  ]);
  expect(printed).toMatch(/^✗ bad +[\d.]+ s, exit code 3 \(npm run bad\)\nwhat broke\n✓ good +[\d.]+ s\n$/);
});

test('starts a step only when the one it builds on has ended, failed or not', async () => {
  const steps = [stepOf('lint', '', { after: 'types' }), stepOf('types', 'process.exit(1)')];
  await runSteps(steps, { lanes: 2 });
  expect(printed.indexOf('types')).toBeLessThan(printed.indexOf('lint'));
  expect(printed).toContain('✓ lint');
});

test('skips a step whose script does not exist, by name', async () => {
  const counts = await runSteps([stepOf('schema', '', { needs: 'no/such/file.ts' })], { lanes: 1 });
  expect(counts).toEqual([{ passed: 0, failed: 0, skipped: 1 }]);
  expect(printed).toMatch(/^- schema +skipped: no\/such\/file\.ts does not exist\n$/);
});
