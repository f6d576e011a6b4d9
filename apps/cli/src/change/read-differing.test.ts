import path from 'node:path';
import { parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import type { KnownJob, ReadJob, ReadJobs } from '../spec/read-jobs.ts';
import { compareJobs } from './compare-jobs.ts';
import { readDiffering } from './read-differing.ts';

function toKnown(name: string, read: Partial<ReadJob> = {}): KnownJob {
  const file = path.join('sky', name, 'job.yaml');
  const spec = makeJobSpec({ name: parseJobName(name) });
  return {
    name,
    contentHash: 'h',
    file,
    read: () => ({ file, name, spec, problems: [], warnings: [], ...read }),
  };
}

function toFolder(...known: readonly KnownJob[]): ReadJobs {
  const namespace = { name: 'sky', config: {}, jobPath: '/sky', projectPath: '/', datastores: [] };
  const names = new Map(known.map(({ name, file }) => [name, file]));
  return {
    namespaces: [{ namespace, jobs: [], known }],
    problems: [],
    warnings: [],
    names,
    isNameMissing: false,
  };
}

it('leaves known jobs alone that the server has as they are', () => {
  const stored = [{ namespace: 'sky', name: 'one', contentHash: 'h' }];
  const folder = toFolder(toKnown('one'));
  expect(compareJobs(readDiffering(folder, stored), stored)).toEqual({
    upserts: [],
    deletions: [],
    unchanged: [{ namespace: 'sky', name: 'one' }],
  });
});

it.each([
  ['that the server has in another version', { namespace: 'sky', name: 'one', contentHash: 'other' }],
  ['that the server has in another namespace', { namespace: 'sea', name: 'one', contentHash: 'h' }],
  ['that the server does not have', { namespace: 'sea', name: 'other', contentHash: 'h' }],
])('reads known jobs %s', (_, job) => {
  const { upserts } = compareJobs(readDiffering(toFolder(toKnown('one')), [job]), [job]);
  expect(upserts.map(({ spec, file }) => [spec.name, file])).toEqual([['one', 'sky/one/job.yaml']]);
});

it('refuses a known job that is not good any more', () => {
  const problem = { file: 'f', line: 1, column: 1, message: 'is wrong by now' };
  const known = toKnown('one', { spec: undefined, problems: [problem] });
  expect(() => readDiffering(toFolder(known), [])).toThrow('is wrong by now');
});

it('does not take a job for unchanged that was to be read first', () => {
  expect(() => compareJobs(toFolder(toKnown('one')), [])).toThrow('was not read');
});
