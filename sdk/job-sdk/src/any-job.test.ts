import { readFileSync } from 'node:fs';
import { computeWindow } from '@optimus/compiler';
import { formatJob, parseJob } from '@optimus/spec';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineJob, type JobDefinition, readJob } from './index.ts';
import { definitions } from './testing/any-definition.ts';
import { yamlTexts } from './testing/any-document.ts';
import { toDefinition } from './to-definition.ts';
import { toSpec } from './to-spec.ts';

/** The text that says the same in the way in which jobs are printed, by the parser of the language alone. */
function toPrinted(text: string): string {
  const { spec } = parseJob({ file: 'job.yaml', text, assets: {} }, { computeWindow });
  if (spec === undefined) throw new Error(`no job: ${text}`);
  return formatJob(spec);
}

describe('any job', () => {
  it('is the same after being compiled and read, as definition, specification and text', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { yaml } = defineJob(definition);
        expect(readJob(yaml)).toEqual(definition);
        expect(defineJob(readJob(yaml)).yaml).toBe(yaml);
        expect(toDefinition(toSpec(definition))).toEqual(definition);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('that is written as job.yaml means the same as the definition that it is read as, also as source text', () => {
    fc.assert(
      fc.property(yamlTexts, (text) => {
        const source = JSON.stringify(readJob(text));
        const { yaml } = defineJob(JSON.parse(source) as JobDefinition);
        expect(yaml).toBe(toPrinted(text));
        expect(defineJob(readJob(yaml)).yaml).toBe(yaml);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  // That of version 1 waits for something that no server has any more.
  it.each(['version-2', 'version-3', 'version-3-preset'])('of the released form %s does', (name) => {
    const file = new URL(`../../../core/spec/src/fixtures/${name}.yaml`, import.meta.url);
    const text = readFileSync(file, 'utf8');
    expect(defineJob(readJob(text)).yaml).toBe(toPrinted(text));
  });
});
