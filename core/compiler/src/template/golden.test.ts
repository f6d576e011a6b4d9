import { readFileSync } from 'node:fs';
import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { goldenData } from './fixtures/golden-data.ts';
import { parseTemplateSet } from './template-set.ts';

interface GoldenCase {
  readonly template: string;
  readonly output: string;
  readonly error?: string;
}

const golden: readonly GoldenCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/golden.json', import.meta.url), 'utf8'),
);

/** Where we differ from Go and mean it: the template, and why. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ...[
    '{{1i}}',
    '{{print 1i}}',
    '{{printf "%T %v" 1i 1i}}',
    '{{1i | print}}',
    '{{if 1i}}T{{else}}F{{end}}',
  ].map((template) => [template, 'complex numbers are refused: no job needs them'] as const),
  ...golden
    .map(({ template }) => template)
    .filter((template) => /^\{\{slice \.(text|name)/.test(template))
    .map((template) => [template, "slicing text is Go's own slice, which sprig hides"] as const),
  ...golden
    .map(({ template }) => template)
    .filter((template) => template.includes('nospace'))
    .map((template) => [template, 'sprig takes text apart by bytes and breaks what is not ASCII'] as const),
  ...['{{add 1 2 | printf "%T"}}', '{{trunc (add 1 1) "abc"}}'].map(
    (template) =>
      [template, 'there is one integer type, so a sum may be used wherever an integer may'] as const,
  ),
  ['{{printf "%T" (splitList "," "a")}}', 'there is one list type'],
]);

function render(template: string): string | OptimusError {
  try {
    return parseTemplateSet({ t: template }).render(goldenData).files['t'] ?? '';
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
}

describe('templates against Go', () => {
  it(`renders or refuses each of ${golden.length} templates as Go does, byte for byte`, () => {
    const different = golden.filter(({ template, output, error }) => {
      if (DIFFERENCES.has(template)) return false;
      const ours = render(template);
      return error === undefined ? ours !== output : !(ours instanceof OptimusError);
    });
    const shown = different.map(({ template, output, error }) => ({
      template,
      go: error ?? output,
      ours: String(render(template)),
    }));
    expect(shown).toEqual([]);
  });
});
