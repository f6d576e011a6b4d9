import { parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { toSentHash } from '../spec/sent-hash.ts';
import { compareJobs, type FolderJobs } from './compare-jobs.ts';

const spec = makeJobSpec({ name: parseJobName('one') });
const one = { file: 'sky/one/job.yaml', spec };
const stored = { namespace: 'sky', name: 'one', contentHash: toSentHash(spec) };

function toFolder(folder: Partial<FolderJobs> = {}, jobs = [one]): FolderJobs {
  const namespace = { name: 'sky', config: {}, jobPath: '/sky', projectPath: '/', datastores: [] };
  const names = new Map(jobs.map(({ file, spec: { name } }) => [name, file]));
  return { namespaces: [{ namespace, jobs, known: [] }], names, isNameMissing: false, ...folder };
}

it('finds what the server has already', () => {
  const unchanged = [{ namespace: 'sky', name: 'one' }];
  expect(compareJobs(toFolder(), [stored])).toEqual({ upserts: [], deletions: [], unchanged });
});

it('rests each change on what is stored', () => {
  const { upserts } = compareJobs(toFolder(), [{ ...stored, contentHash: 'old' }]);
  expect(upserts).toMatchObject([{ namespace: 'sky', basis: 'old', movedFrom: undefined }]);
  expect(compareJobs(toFolder(), []).upserts).toMatchObject([{ basis: undefined }]);
});

it('deletes a job whose file is gone, of its own namespaces alone', () => {
  const gone = { namespace: 'sky', name: 'gone', contentHash: 'h' };
  const { deletions } = compareJobs(toFolder(), [stored, gone, { ...gone, namespace: 'sea', name: 'other' }]);
  expect(deletions).toEqual([{ namespace: 'sky', name: 'gone', basis: 'h' }]);
});

it('does not delete a job whose file is wrong', () => {
  const names = new Map([['one', 'sky/one/job.yaml']]);
  expect(compareJobs(toFolder({ names }, []), [stored]).deletions).toEqual([]);
});

it('deletes nothing while a file does not tell its name: it might be the file of any job', () => {
  expect(compareJobs(toFolder({ isNameMissing: true }, []), [stored]).deletions).toEqual([]);
});
