import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { toAssetBytes } from '@optimus/domain';
import { formatProblem } from '@optimus/spec';
import { describe, expect, it } from 'vitest';
import type { NamespaceConfig } from '../config/client-config.ts';
import { toJobYaml } from '../testing/job-files.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { readJobs } from './read-jobs.ts';

async function readFolder(files: Readonly<Record<string, string>>, names = ['a']) {
  const cwd = await createTemporaryFolder();
  await writeFiles(cwd, files);
  const namespaces = names.map((name) => toNamespace(cwd, name));
  const { namespaces: read, problems } = readJobs(namespaces, { cwd, computeWindow });
  const jobs = read.flatMap((namespace) => namespace.jobs);
  return { cwd, jobs, problems: problems.map(formatProblem) };
}

function toNamespace(cwd: string, name: string): NamespaceConfig {
  return { name, config: {}, jobPath: path.join(cwd, name), projectPath: cwd, datastores: [] };
}

describe('the walk', () => {
  it('finds jobs at any depth and passes over what cannot be one', async () => {
    const { jobs, problems } = await readFolder({
      'a/job.yaml': toJobYaml('top'),
      'a/x/y/job.yaml': toJobYaml('deep'),
      'a/.git/job.yaml': 'broken: [',
      'a/old.sql/job.yaml': 'broken: [',
      'a/x/assets/job.yaml': 'broken: [',
      'a/node_modules/p/job.yaml': 'broken: [',
    });
    expect(problems).toEqual([]);
    expect(jobs.map(({ spec }) => spec.name)).toEqual(['top', 'deep']);
  });

  it('takes a folder that is not there for an empty one', async () => {
    expect(await readFolder({})).toMatchObject({ jobs: [], problems: [] });
  });

  it('reads a thousand jobs in well under the time to make a coffee', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `job_${index}`);
    const files = Object.fromEntries(names.map((name) => [`a/${name}/job.yaml`, toJobYaml(name)]));
    const { jobs } = await readFolder(files);
    expect(jobs).toHaveLength(1_000);
  });
});

describe('assets', () => {
  it('are read with the folders they lie in', async () => {
    const { jobs } = await readFolder({
      'a/j/job.yaml': toJobYaml('job'),
      'a/j/assets/query.sql': 'select 1',
      'a/j/assets/lib/part.tpl': '\ufeffé\r\n',
    });
    expect(jobs[0]?.spec.assets).toEqual({ 'query.sql': 'select 1', 'lib/part.tpl': '\ufeffé\r\n' });
  });

  it('that are not text are kept byte for byte', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'a/j/job.yaml': toJobYaml('job'), 'a/j/assets/ok.txt': 'ok' });
    const bytes = [0x41, 0x0a, 0x41, 0x41, 0xfe, 0x00];
    await writeFile(path.join(cwd, 'a/j/assets/image.png'), Uint8Array.from(bytes));
    await symlink(path.join(cwd, 'a/j/assets/ok.txt'), path.join(cwd, 'a/j/assets/link.txt'));
    const { problems, namespaces } = readJobs([toNamespace(cwd, 'a')], { cwd, computeWindow });
    expect(problems).toEqual([]);
    const image = namespaces[0]?.jobs[0]?.spec.assets['image.png'] ?? '';
    expect([...toAssetBytes(image)]).toEqual(bytes);
  });
});

describe('links among assets', () => {
  const read = async (files: Readonly<Record<string, string>>) => {
    const outside = await createTemporaryFolder();
    const cwd = path.join(outside, 'project');
    await writeFiles(outside, { 'hosts.sql': 'select 0', 'folder/q.sql': 'select 0' });
    await writeFiles(cwd, { 'shared/q.sql': 'select 1', 'a/j/job.yaml': toJobYaml('job') });
    await mkdir(path.join(cwd, 'a/j/assets'));
    for (const [file, target] of Object.entries(files)) await symlink(target, path.join(cwd, file));
    const { namespaces, problems } = readJobs([toNamespace(cwd, 'a')], { cwd, computeWindow });
    return { outside, assets: namespaces[0]?.jobs[0]?.spec.assets, problems: problems.map(formatProblem) };
  };

  it('are followed within the project', async () => {
    const { assets, problems } = await read({ 'a/j/assets/q.sql': '../../../shared/q.sql' });
    expect({ assets, problems }).toEqual({ assets: { 'q.sql': 'select 1' }, problems: [] });
  });

  it('are refused when they lead out of it, directly or by way of others', async () => {
    const { outside, assets, problems } = await read({
      'a/j/assets/q.sql': '../../../../hosts.sql',
      'shared/way': '../../folder',
      'a/j/assets/r.sql': '../../../shared/way/q.sql',
    });
    const real = await realpath(outside);
    expect(assets).toBeUndefined();
    expect(problems).toEqual([
      expect.stringContaining(`a/j/assets/q.sql:1:1 leads to ${real}/hosts.sql, outside of the project`),
      expect.stringContaining(`a/j/assets/r.sql:1:1 leads to ${real}/folder/q.sql, outside of the project`),
    ]);
  });

  it('may not stand for a whole folder of assets outside', async () => {
    const cwd = await createTemporaryFolder();
    const outside = await createTemporaryFolder();
    await writeFiles(outside, { 'q.sql': 'select 0' });
    await writeFiles(cwd, { 'a/j/job.yaml': toJobYaml('job') });
    await symlink(outside, path.join(cwd, 'a/j/assets'));
    const found = readJobs([toNamespace(cwd, 'a')], { cwd, computeWindow }).problems;
    expect(found.map(formatProblem)).toEqual([
      expect.stringContaining(`leads to ${await realpath(outside)}/q.sql`),
    ]);
  });
});

describe('links in the place of specifications', () => {
  const read = async (links: Readonly<Record<string, string>>) => {
    const outside = await createTemporaryFolder();
    const cwd = path.join(outside, 'project');
    const withoutOwner = toJobYaml('job').replace('owner: kush\n', '');
    await writeFiles(outside, { 'job.yaml': toJobYaml('outside'), 'this.yaml': 'owner: outside\n' });
    await writeFiles(cwd, {
      'shared/job.yaml': toJobYaml('shared'),
      'shared/this.yaml': 'owner: shared\n',
      'a/j/job.yaml': withoutOwner,
      'a/k/.keep': '',
    });
    for (const [file, target] of Object.entries(links)) await symlink(target, path.join(cwd, file));
    const { namespaces, problems } = readJobs([toNamespace(cwd, 'a')], { cwd, computeWindow });
    const jobs = (namespaces[0]?.jobs ?? []).map(({ spec }) => `${spec.name} of ${spec.owner}`);
    return { real: await realpath(outside), jobs, problems: problems.map(formatProblem) };
  };

  it('are followed within the project', async () => {
    const { jobs, problems } = await read({
      'a/this.yaml': '../shared/this.yaml',
      'a/k/job.yaml': '../../shared/job.yaml',
    });
    expect({ jobs, problems }).toEqual({ jobs: ['job of shared', 'shared of kush'], problems: [] });
  });

  it('are refused when they lead out of it, and nothing of what they lead to is told', async () => {
    const { real, jobs, problems } = await read({
      'a/this.yaml': '../../this.yaml',
      'a/k/job.yaml': '../../../job.yaml',
    });
    expect(jobs).toEqual([]);
    expect(problems).toEqual([
      expect.stringContaining(`a/k/job.yaml:1:1 leads to ${real}/job.yaml, outside of the project`),
      expect.stringContaining(`a/this.yaml:1:1 leads to ${real}/this.yaml, outside of the project`),
    ]);
  });
});

describe('problems', () => {
  it('of all files are told in one pass, those of the rules with their places too', async () => {
    const { problems } = await readFolder({
      'a/one/job.yaml': toJobYaml('one')
        .replace('0 2 * * *', '61 2 * * *')
        .replace('2022-09-18', '2022-02-30'),
      'a/two/job.yaml': toJobYaml('two').replace('owner: kush', 'ownr: kush'),
      'a/ok/job.yaml': toJobYaml('fine'),
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^a\/one\/job\.yaml:5:15 schedule\.start_date is "2022-02-30", must be a date that exists/,
      ),
      expect.stringMatching(/^a\/one\/job\.yaml:6:13 schedule\.interval .*61/),
      'a/two/job.yaml:1:1 owner is missing',
      'a/two/job.yaml:3:1 unknown key "ownr", did you mean "owner"?',
    ]);
  });

  it('of a window stand at the window', async () => {
    const { problems } = await readFolder({
      'a/j/job.yaml': toJobYaml('job').replace('size: 24h', 'size: 24x'),
    });
    expect(problems).toEqual([
      expect.stringMatching(/^a\/j\/job\.yaml:12:11 task\.window: window size "24x"/),
    ]);
  });

  it('of folders that two namespaces share', async () => {
    const { problems } = await readFolder({ 'a/b/job.yaml': toJobYaml('same') }, ['a', 'a/b']);
    expect(problems).toEqual([
      expect.stringMatching(
        /^a\/b\/job\.yaml:2:7 job "same" belongs to two namespaces, as the job\.path of both/,
      ),
    ]);
  });

  it('of names: unusable ones, and ones used twice, across namespaces', async () => {
    const files = {
      'a/x/job.yaml': toJobYaml('same'),
      'b/y/job.yaml': toJobYaml('same'),
      'b/z/job.yaml': toJobYaml('-no'),
    };
    const { problems } = await readFolder(files, ['a', 'b']);
    expect(problems).toEqual([
      'b/y/job.yaml:2:7 job name "same" is already used in a/x/job.yaml; names are unique across directories',
      expect.stringMatching(/^b\/z\/job\.yaml:2:7 .*"-no" is not valid; use 3 to 220/),
    ]);
  });

  it('that make files unreadable are told of each file', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'a/j/assets/ok.txt': 'ok', 'a/k/assets': 'a file' });
    await writeFile(path.join(cwd, 'a/j/job.yaml'), Uint8Array.of(0xff));
    await symlink('nowhere', path.join(cwd, 'a/k/job.yaml'));
    await symlink('.', path.join(cwd, 'a/j/assets/itself'));
    const { problems } = readJobs([toNamespace(cwd, 'a')], { cwd, computeWindow });
    expect(problems.map(formatProblem)).toEqual([
      'a/j/assets/itself:1:1 is no file, nor a link to one',
      'a/j/job.yaml:1:1 is not UTF-8 text; write it in UTF-8',
      expect.stringMatching(/^a\/k\/job\.yaml:1:1 cannot be read: ENOENT/),
    ]);
  });
});

describe('inherited values', () => {
  it('come from every folder above, the nearest first, and not from beside', async () => {
    const { jobs, problems } = await readFolder({
      'a/this.yaml': 'owner: top\nlabels: { team: top, level: top }\n',
      'a/x/this.yaml': 'owner: near\nlabels: { team: near }\n',
      'a/x/y/j/this.yaml': 'labels: { team: own }\n',
      'a/x/y/j/job.yaml': toJobYaml('low').replace('owner: kush\n', ''),
      'a/z/job.yaml': toJobYaml('other').replace('owner: kush\n', ''),
    });
    expect(problems).toEqual([]);
    expect(jobs.map(({ spec }) => [spec.name, spec.owner, spec.labels])).toEqual([
      ['low', 'near', { team: 'near', level: 'top' }],
      ['other', 'top', { team: 'top', level: 'top' }],
    ]);
  });

  it('that are wrong are told once, and no job below is blamed', async () => {
    const withoutOwner = (name: string) => toJobYaml(name).replace('owner: kush\n', '');
    const { problems, jobs } = await readFolder(
      {
        'a/this.yaml': 'owner: [x]\nname: y\n',
        'a/one/job.yaml': withoutOwner('one'),
        'a/two/job.yaml': withoutOwner('two'),
        'b/this.yaml': 'owner: "x\n',
        'b/three/job.yaml': withoutOwner('three'),
      },
      ['a', 'b'],
    );
    expect(problems).toEqual([
      'a/this.yaml:1:8 owner is a list, must be text',
      expect.stringMatching(/^a\/this\.yaml:2:1 unknown key "name"/),
      expect.stringMatching(/^b\/this\.yaml:\d+:\d+ /),
    ]);
    expect(jobs).toEqual([]);
  });

  it('that do not fit a job are told where they stand', async () => {
    const { problems } = await readFolder({
      'a/this.yaml': 'task:\n  window:\n    shift_by: 1d\n',
      'a/j/job.yaml': toJobYaml('job'),
    });
    expect(problems).toEqual([
      expect.stringMatching(/^a\/this\.yaml:3:15 task\.window: window shift_by "1d"/),
    ]);
  });
});
