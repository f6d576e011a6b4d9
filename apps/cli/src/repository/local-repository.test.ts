import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { expect, it } from 'vitest';
import { parseClientConfig } from '../config/read-client-config.ts';
import { readJobs } from '../spec/read-jobs.ts';
import { OPTIMUS_YAML, toJobYaml } from '../testing/job-files.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { findLocalJob } from './local-repository.ts';

async function find(name: string, files: Readonly<Record<string, string>>) {
  const cwd = await createTemporaryFolder();
  await writeFiles(path.join(cwd, 'team_a/jobs'), files);
  const config = parseClientConfig(path.join(cwd, 'optimus.yaml'), OPTIMUS_YAML, cwd);
  const read = readJobs(config.namespaces, { cwd, computeWindow });
  return findLocalJob({ config, presets: {}, computeWindow, ...read }, name);
}

const wrong = toJobYaml('wrong').replace('owner: kush', 'owner: [kush]');

it('finds a job beside a wrong one', async () => {
  const { spec } = await find('good', { 'x/job.yaml': wrong, 'y/job.yaml': toJobYaml('good') });
  expect(spec.name).toBe('good');
});

it('says what is wrong with the job that was asked for, and not with others', async () => {
  const other = wrong.replace('name: wrong', 'name: other');
  await expect(find('wrong', { 'x/job.yaml': wrong, 'y/job.yaml': other })).rejects.toThrow(
    '1 problem in 1 file',
  );
});

it('says what is wrong with what a job inherits', async () => {
  const heir = toJobYaml('heir').replace('owner: kush\n', '');
  await expect(find('heir', { 'this.yaml': 'owner: [x]\n', 'x/job.yaml': heir })).rejects.toThrow(
    'team_a/jobs/this.yaml:1:8 owner',
  );
});

it('suggests the nearest name', async () => {
  await expect(find('god', { 'y/job.yaml': toJobYaml('good') })).rejects.toThrow('did you mean "good"?');
});
