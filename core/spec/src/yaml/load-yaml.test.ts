import { expect, it } from 'vitest';
import { loadYaml } from './load-yaml.ts';

it.each([
  ['a flow', `labels: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
  ['a map', `labels: ${'{ a: '.repeat(20_000)}${'}'.repeat(20_000)}\n`],
])('says of %s that is nested without end what is wrong, not how the parser failed', (_what, text) => {
  const { value, problems } = loadYaml({ file: 'job.yaml', text });
  expect(value).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
  for (const { message } of problems) expect(message).not.toMatch(/stack/i);
});
