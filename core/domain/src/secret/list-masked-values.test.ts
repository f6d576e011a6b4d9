import { expect, it } from 'vitest';
import type { JobSpec } from '../job/job-spec.ts';
import type { MadeRunContext } from '../run/make-run-context.ts';
import type { CompiledRunContext } from '../run/run-context.ts';
import { makeJobSpec } from '../testing/job-fixtures.ts';
import { listMaskedValues } from './list-masked-values.ts';

const visibleSecrets = ['hush-hush', 'other-key'];

function list(spec: Partial<JobSpec>, context: Partial<CompiledRunContext> = {}): readonly string[] {
  // Only what the function reads; the rest of a context takes a store to make.
  const made = {
    job: { spec: makeJobSpec(spec) },
    context: { envs: {}, secrets: {}, files: {}, warnings: [], ...context },
    visibleSecrets,
  };
  return listMaskedValues(made as unknown as MadeRunContext);
}

it('is empty for an instance that got no secret', () => {
  expect(list({}, { envs: { DSTART: '2022-01-01' } })).toEqual([]);
});

it('holds every secret that templates could use, and what they made of them', () => {
  expect(list({}, { secrets: { KEY: 'key=hush-hush' } })).toEqual([...visibleSecrets, 'key=hush-hush']);
});

it('holds the secrets of a job that names one in an asset alone', () => {
  expect(list({ assets: { 'a.sql': '{{.secret.KEY}}' } })).toEqual(visibleSecrets);
});

it('holds the secrets of a job that shows one without naming it', () => {
  expect(list({}, { envs: { ALL: '{"key":"hush-hush"}' } })).toEqual(visibleSecrets);
});
