import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { findSdk } from './sdk-source.ts';

it('takes an archive along', async () => {
  const cwd = await createTemporaryFolder();
  await writeFiles(cwd, { 'sdk-1.0.0.tgz': '' });
  expect(await findSdk('sdk-1.0.0.tgz', cwd)).toEqual({
    spec: 'file:vendor/sdk-1.0.0.tgz',
    vendored: { source: path.join(cwd, 'sdk-1.0.0.tgz'), target: 'vendor/sdk-1.0.0.tgz' },
  });
});

it('refers to a folder where it is', async () => {
  const cwd = await createTemporaryFolder();
  await mkdir(path.join(cwd, 'sdk'));
  expect(await findSdk('sdk', cwd)).toEqual({ spec: `file:${path.join(cwd, 'sdk')}` });
});

it('leaves to npm what is neither', async () => {
  expect(await findSdk('1.2.3', await createTemporaryFolder())).toEqual({ spec: '1.2.3' });
});
