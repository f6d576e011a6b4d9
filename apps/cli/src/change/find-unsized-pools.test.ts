import { parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { findUnsizedPools } from './find-unsized-pools.ts';

const jobIn = (name: string, pool: string, namespace = 'sky') => ({
  namespace,
  spec: makeJobSpec({ name: parseJobName(name), metadata: { airflow: { pool, queue: '' } } }),
});
const registered = {
  config: { POOL_BIG_QUERY: '4', POOL_ODD: 'many' },
  namespaces: { sky: {}, sea: { POOL_DB: '1' } },
};

it('names each pool that nobody sized once, with a job of it and the key that would size it', () => {
  const jobs = [jobIn('job-a', 'odd'), jobIn('job-b', 'odd'), jobIn('job-c', 'db'), jobIn('job-d', '')];
  expect(findUnsizedPools(jobs, registered)).toEqual([
    { pool: 'odd', key: 'POOL_ODD', job: 'job-a' },
    { pool: 'db', key: 'POOL_DB', job: 'job-c' },
  ]);
});

it('has nothing to say of pools that the project or the namespace of the job sizes', () => {
  expect(findUnsizedPools([jobIn('job-a', 'big-query'), jobIn('job-b', 'db', 'sea')], registered)).toEqual(
    [],
  );
});
