import path from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { findJobFolders, isSkippedFolder } from './find-job-folders.ts';

it('finds jobs and inherited files in a settled order', async () => {
  const root = await createTemporaryFolder();
  await writeFiles(root, {
    'b/job.yaml': '',
    'a/c/job.yaml': '',
    'a/c/assets/x': '',
    'a/this.yaml': '',
    'a/c/other.yaml': '',
  });
  expect(findJobFolders(root)).toEqual({
    jobs: [
      { folder: path.join(root, 'a/c'), hasAssets: true, isLinked: false },
      { folder: path.join(root, 'b'), hasAssets: false, isLinked: false },
    ],
    inherited: [path.join(root, 'a')],
    misnamed: [],
  });
});

it.each(['job.yml', 'jobs.yaml', 'jobs.yml', 'Job.yaml', 'job.yaml.txt', 'job.yalm'])(
  'takes %s for a misspelt job.yaml, unless there is one beside it',
  async (name) => {
    const root = await createTemporaryFolder();
    await writeFiles(root, { [`a/${name}`]: '' });
    const file = path.join(root, 'a', name);
    expect(findJobFolders(root)).toEqual({
      jobs: [],
      inherited: [],
      misnamed: [{ file, meant: 'job.yaml' }],
    });
    await writeFiles(root, { 'a/job.yaml': '' });
    expect(findJobFolders(root).misnamed).toEqual([]);
  },
);

it.each(['job.yaml.bak', 'myjob.yaml', 'job.sql', 'jobs', 'job.json'])(
  'has nothing to say of %s',
  async (name) => {
    const root = await createTemporaryFolder();
    await writeFiles(root, { [name]: '' });
    expect(findJobFolders(root).misnamed).toEqual([]);
  },
);

it('refuses what is no folder', async () => {
  const root = await createTemporaryFolder();
  await writeFiles(root, { jobs: 'a file' });
  expect(() => findJobFolders(path.join(root, 'jobs'))).toThrow('cannot be read');
});

it.each(['.git', 'assets', 'x.sql', 'y.cfg', 'z.yaml', 'w.txt', 'node_modules'])('passes over %s', (name) => {
  expect(isSkippedFolder(name)).toBe(true);
});

it.each(['jobs', 'assets2', 'sql', 'a.b'])('looks into %s', (name) => {
  expect(isSkippedFolder(name)).toBe(false);
});
