import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type JobName, type JobSpec, parseJobName, parseProjectName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { parseSelector } from '@optimus/resolver';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeFiles } from '../testing/temporary-folder.ts';
import { findChangedJobs } from './find-changed-jobs.ts';
import { selectLocal } from './select-jobs.ts';

function locate(name: string, overrides: Partial<JobSpec> = {}) {
  return { file: `jobs/${name}/job.yaml`, spec: makeJobSpec({ name: parseJobName(name), ...overrides }) };
}

function names(...all: readonly string[]): ReadonlySet<JobName> {
  return new Set(all.map((name) => parseJobName(name)));
}

async function makeClone() {
  const cwd = mkdtempSync(path.join(tmpdir(), 'optimus-select-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.io', ...args], { cwd });
  const files = { 'jobs/raw/job.yaml': 'a', 'jobs/mart/job.yaml': 'a', 'jobs/mart/assets/q.sql': 'a' };
  await writeFiles(cwd, files);
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  return cwd;
}

describe('the jobs that differ from a git reference', () => {
  const jobs = [locate('raw'), locate('mart'), locate('new')];

  it('are those with a changed asset, and those that git does not know', async () => {
    const cwd = await makeClone();
    expect(await findChangedJobs(cwd, 'HEAD', jobs)).toEqual(names());
    await writeFiles(cwd, { 'jobs/mart/assets/q.sql': 'b', 'jobs/new/job.yaml': 'a' });
    expect(await findChangedJobs(cwd, 'HEAD', jobs)).toEqual(names('mart', 'new'));
  });

  it('are all below a changed this.yaml', async () => {
    const cwd = await makeClone();
    await writeFiles(cwd, { 'jobs/this.yaml': 'a' });
    expect(await findChangedJobs(cwd, 'HEAD', jobs)).toEqual(names('raw', 'mart', 'new'));
  });

  it('lost an asset to another job, too', async () => {
    const cwd = await makeClone();
    await mkdir(path.join(cwd, 'jobs/raw/assets'));
    await rename(path.join(cwd, 'jobs/mart/assets/q.sql'), path.join(cwd, 'jobs/raw/assets/q.sql'));
    execFileSync('git', ['add', '.'], { cwd });
    expect(await findChangedJobs(cwd, 'HEAD', jobs)).toEqual(names('raw', 'mart'));
  });

  it('are found from beside their folder as from above it', async () => {
    const cwd = await makeClone();
    await writeFiles(cwd, { 'jobs/mart/assets/q.sql': 'b', 'config/optimus.yaml': 'a' });
    const beside = jobs.map((job) => ({ ...job, file: `../${job.file}` }));
    expect(await findChangedJobs(path.join(cwd, 'config'), 'HEAD', beside)).toEqual(names('mart'));
    await writeFiles(cwd, { 'this.yaml': 'a' });
    expect(await findChangedJobs(path.join(cwd, 'config'), 'HEAD', beside)).toEqual(
      names('raw', 'mart', 'new'),
    );
  });

  it('are not asked for by what is an option of git, or no reference', async () => {
    const cwd = await makeClone();
    await expect(findChangedJobs(cwd, '--output=x', jobs)).rejects.toThrow(/names no git reference/);
    await expect(findChangedJobs(cwd, 'nowhere', jobs)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
  });
});

describe('selecting jobs of a folder', () => {
  const jobs = [
    locate('raw'),
    locate('mart', { dependencies: [{ type: 'intra', name: 'raw' }], labels: { team: 'ads' } }),
    locate('alone'),
  ];
  const namespace = { name: 'space', jobPath: 'jobs', projectPath: '.', config: {}, datastores: [] };
  const folder = {
    cwd: tmpdir(),
    project: parseProjectName('sky'),
    namespaces: [{ namespace, jobs, known: [] }],
  };
  const select = (text: string) => selectLocal(parseSelector(text), folder, undefined);

  it('follows what their authors named, without a server', async () => {
    expect(await select('+mart')).toEqual(names('raw', 'mart'));
    expect(await select('raw+1')).toEqual(names('raw', 'mart'));
    expect(await select('tag:team=ads ns:space,alone')).toEqual(names('mart', 'alone'));
  });

  it('cannot tell the state of runs without a server', async () => {
    await expect(select('state:failed')).rejects.toThrow(/cannot be answered here/);
  });
});
