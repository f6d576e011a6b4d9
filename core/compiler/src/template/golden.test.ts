import { readFileSync } from 'node:fs';
import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { executionTime, goldenData } from './fixtures/golden-data.ts';
import { goldenDifferences } from './fixtures/golden-differences.ts';
import { parseTemplateSet } from './template-set.ts';

interface GoldenCase {
  readonly template: string;
  readonly output: string;
  readonly error?: string;
}

const golden: readonly GoldenCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/golden.json', import.meta.url), 'utf8'),
);
const named = goldenDifferences.flatMap(({ templates }) => templates);

function render(template: string): string | OptimusError {
  try {
    return parseTemplateSet({ t: template }).render(goldenData, { now: executionTime }).files['t'] ?? '';
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
}

function agrees({ template, output, error }: GoldenCase): boolean {
  const ours = render(template);
  return error === undefined ? ours === output : ours instanceof OptimusError;
}

describe('templates against Go', () => {
  it('renders or refuses each as Go does, byte for byte, but for the differences that are named', () => {
    const different = golden.filter((one) => !agrees(one));
    const unnamed = different
      .filter(({ template }) => !named.includes(template))
      .map(({ template, output, error }) => ({
        template,
        go: error ?? output,
        ours: String(render(template)),
      }));
    expect(unnamed).toEqual([]);
    // What agrees again is a difference no longer.
    expect(new Set(different.map(({ template }) => template))).toEqual(new Set(named));
  });

  it('holds the agreement table of docs/templates.md', () => {
    const page = readFileSync(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');
    const rows = [
      `| cases | ${golden.length} |`,
      `| equal | ${golden.length - named.length} |`,
      `| different | ${named.length} |`,
      ...goldenDifferences.map(({ because, templates }) => `| ${templates.length} | ${because} |`),
    ];
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it('knows the corpus to be large, of distinct templates, and to hold errors too', () => {
    expect(new Set(golden.map(({ template }) => template)).size).toBe(golden.length);
    expect(golden.length).toBeGreaterThan(10_000);
    expect(golden.filter(({ error }) => error !== undefined).length).toBeGreaterThan(1000);
  });
});
