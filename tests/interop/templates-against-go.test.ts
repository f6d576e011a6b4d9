import { parseTemplateSet } from '@optimus/compiler';
import { executionTime, goldenData, randomTemplates } from '@optimus/compiler/testing';
import { describe, expect, it } from 'vitest';
import { buildGoOracle, type GoOutcome, readGolden, renderWithGo } from './template-oracle/go-oracle.ts';

const oracle = await buildGoOracle();
const program = 'program' in oracle ? oracle.program : '';
const why = 'missing' in oracle ? ` (skipped: there is no ${oracle.missing})` : '';

/** Another seed, other templates: OPTIMUS_TEMPLATE_SEED tries them. */
const seed = Number(process.env['OPTIMUS_TEMPLATE_SEED'] ?? 20_220_918);

describe.skipIf(program === '')(`templates and Go${why}`, () => {
  it('finds the golden file as Go writes it today', async () => {
    const golden = readGolden();
    const anew = await renderWithGo(
      program,
      golden.map(({ template }) => template),
    );
    expect(anew.filter((one, index) => !isSame(one, golden[index]))).toEqual([]);
  });

  it(`renders 5,000 templates made by chance as Go does, byte for byte (seed ${seed})`, async () => {
    const outcomes = await renderWithGo(program, randomTemplates(5000, seed));
    const different = outcomes.filter(({ template, output, error }) => {
      const ours = render(template);
      return error === undefined ? ours !== output : ours !== undefined;
    });
    expect(different.map((one) => ({ ...one, ours: render(one.template) }))).toEqual([]);
  });
});

// Messages of Go's own libraries name addresses and map orders, so errors are compared as errors.
function isSame(one: GoOutcome, other: GoOutcome | undefined): boolean {
  return one.output === other?.output && (one.error === undefined) === (other.error === undefined);
}

function render(template: string): string | undefined {
  try {
    return parseTemplateSet({ t: template }).render(goldenData, { now: executionTime }).files['t'];
  } catch {
    return undefined;
  }
}
