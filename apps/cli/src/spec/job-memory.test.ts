import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { lutimes, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NamespaceConfig } from '../config/client-config.ts';
import { toJobYaml } from '../testing/job-files.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { JobMemory } from './job-memory.ts';
import { readJobs } from './read-jobs.ts';

const ONE = { name: 'one', contentHash: 'h' };
const STAMP = { text: 's', numbers: [3, 0.5], newestMs: 1_000 };

let folder: string;

beforeEach(async () => {
  folder = path.join(await createTemporaryFolder(), 'memory');
});

function open(rules = 'r'): JobMemory {
  return new JobMemory({ folder, rules }, '/jobs');
}

function remember(): void {
  const memory = open();
  memory.keep('/jobs/one', STAMP, ONE);
  memory.save();
}

function findOne(memory: JobMemory) {
  return memory.find('/jobs/one', STAMP);
}

function getFile(): string {
  return path.join(folder, readdirSync(folder)[0] ?? '');
}

describe('a memory', () => {
  it('knows what an earlier one kept, by its stamp', () => {
    remember();
    expect(findOne(open())).toEqual(ONE);
    expect(open().find('/jobs/one', { ...STAMP, text: 'other' })).toBeUndefined();
    expect(open().find('/jobs/one', { ...STAMP, numbers: [3, 0.25] })).toBeUndefined();
    expect(open().find('/jobs/one', { ...STAMP, numbers: [3] })).toBeUndefined();
    expect(open().find('/jobs/two', STAMP)).toBeUndefined();
  });

  it('does not keep files that may change again within the same tick of the clock', () => {
    const memory = open();
    memory.keep('/jobs/one', { ...STAMP, newestMs: Date.now() }, ONE);
    memory.save();
    expect(findOne(open())).toBeUndefined();
  });

  it('of another program or other presets is none', () => {
    remember();
    expect(findOne(open('other'))).toBeUndefined();
  });

  it('forgets what was not asked for', () => {
    remember();
    open().save();
    expect(findOne(open())).toBeUndefined();
  });

  it.each<[string, (file: string) => void]>([
    ['cut short', (file) => truncateSync(file, statSync(file).size - 1)],
    ['empty', (file) => truncateSync(file, 0)],
    [
      'changed in one letter',
      (file) => writeFileSync(file, readFileSync(file, 'latin1').replace('one\t', 'ono\t'), 'latin1'),
    ],
    ['gone', (file) => rmSync(file)],
  ])('that is %s counts as none, and is written anew', (_, damage) => {
    remember();
    damage(getFile());
    expect(findOne(open())).toBeUndefined();
    remember();
    expect(findOne(open())).toEqual(ONE);
  });

  it('is one file, whoever else writes at the time', () => {
    const [first, second] = [open(), open()];
    for (const memory of [first, second]) memory.keep('/jobs/one', STAMP, ONE);
    first.save();
    second.save();
    expect(readdirSync(folder)).toHaveLength(1);
    expect(findOne(open())).toEqual(ONE);
  });

  it('that cannot be written is no error', () => {
    writeFileSync(folder, 'a file where the folder belongs');
    expect(() => remember()).not.toThrow();
  });
});

describe('reading with a memory', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await createTemporaryFolder();
    await writeFiles(cwd, {
      'a/this.yaml': 'labels: { team: x }\n',
      'a/one/job.yaml': toJobYaml('one'),
      'a/one/assets/query.sql': 'select 1',
      'a/two/job.yaml': toJobYaml('two'),
      'a/wrong/job.yaml': 'version: 1\nname: wrong\n',
    });
  });

  /** The names of the jobs that are known, and of those that are read; after all files seem to have come to rest. */
  function read(rules = 'r') {
    const namespace: NamespaceConfig = {
      name: 'a',
      config: {},
      jobPath: path.join(cwd, 'a'),
      projectPath: cwd,
      datastores: [],
    };
    const result = readJobs([namespace], { cwd, computeWindow, memory: { folder, rules } });
    const [own] = result.namespaces;
    return {
      ...result,
      known: own?.known.map(({ name }) => name),
      jobs: own?.jobs.map(({ spec }) => spec.name),
    };
  }

  /** Reads as if the files had been there for long: no clock is waited for. */
  function readRested() {
    const now = Date.now;
    Date.now = () => now() + 60_000;
    try {
      return read();
    } finally {
      Date.now = now;
    }
  }

  it('reads nothing twice but what is wrong', () => {
    expect(readRested()).toMatchObject({ known: [], jobs: ['one', 'two'] });
    const again = read();
    expect(again).toMatchObject({ known: ['one', 'two'], jobs: [] });
    expect(again.problems.length).toBeGreaterThan(0);
    expect([...again.names.keys()].toSorted()).toEqual(['one', 'two', 'wrong']);
  });

  it('says of a known job what reading it says', () => {
    const [before] = readRested().namespaces;
    const [after] = read().namespaces;
    const [known] = after?.known ?? [];
    expect(known?.contentHash).toBe(before?.jobs[0]?.contentHash);
    expect(known?.read().spec).toEqual(before?.jobs[0]?.spec);
  });

  it('reads what was just written again: a second change might not show', () => {
    expect(read()).toMatchObject({ known: [] });
    expect(read()).toMatchObject({ known: [] });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['its asset changes', () => writeFiles(cwd, { 'a/one/assets/query.sql': 'select 2' })],
    ['an asset comes', () => writeFiles(cwd, { 'a/one/assets/lib/more.sql': '' })],
    ['an asset goes', async () => rmSync(path.join(cwd, 'a/one/assets/query.sql'))],
    [
      'an asset is renamed',
      async () => renameSync(path.join(cwd, 'a/one/assets/query.sql'), path.join(cwd, 'a/one/assets/q.sql')),
    ],
    [
      'its file changes',
      () => writeFiles(cwd, { 'a/one/job.yaml': toJobYaml('one').replace('kush', 'kuhs') }),
    ],
    [
      'its file changes and seems as old as before',
      async () => {
        const file = path.join(cwd, 'a/one/job.yaml');
        const { atime, mtime } = statSync(file);
        await writeFiles(cwd, { 'a/one/job.yaml': toJobYaml('one').replace('kush', 'kuhs') });
        await utimes(file, atime, mtime);
      },
    ],
    [
      'an asset becomes a link to the same text',
      async () => {
        const [file, target] = [path.join(cwd, 'a/one/assets/query.sql'), path.join(cwd, 'elsewhere.sql')];
        await writeFiles(cwd, { 'elsewhere.sql': 'select 1' });
        rmSync(file);
        await symlink(target, file);
        await lutimes(file, 1, 1);
      },
    ],
  ])('reads a job again when %s', async (_, change) => {
    readRested();
    await change();
    expect(read()).toMatchObject({ known: ['two'], jobs: ['one'] });
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['in a new folder', { 'a/new/job.yaml': toJobYaml('new') }, ['new']],
    ['within the folder of a known one', { 'a/one/sub/job.yaml': toJobYaml('sub') }, ['sub']],
    ['deep below', { 'a/x/y/z/job.yaml': toJobYaml('deep') }, ['deep']],
  ])('finds a job that comes %s', async (_, files, jobs) => {
    readRested();
    await writeFiles(cwd, files);
    const found = read();
    expect(found.jobs).toEqual(jobs);
    expect(found.known).toEqual(['one', 'two']);
  });

  it('misses no job that goes, and no folder of assets that comes', async () => {
    readRested();
    rmSync(path.join(cwd, 'a/one'), { recursive: true });
    await writeFiles(cwd, { 'a/two/assets/query.sql': 'select 2' });
    const found = read();
    expect([...found.names.keys()].toSorted()).toEqual(['two', 'wrong']);
    expect(found.jobs).toEqual(['two']);
  });

  it('misses no this.yaml that comes', async () => {
    readRested();
    await writeFiles(cwd, {
      'a/one/this.yaml': 'labels: { of: one }\n',
      'a/two/x/this.yaml': 'labels: {}\n',
    });
    rmSync(path.join(cwd, 'a/this.yaml'));
    expect(read()).toMatchObject({ known: [], jobs: ['one', 'two'] });
  });

  it('remembers no folder whose entries have names that break a line, and reads it right', async () => {
    await writeFiles(cwd, {
      'a/one/assets/two\nlines.sql': 'select 1',
      'a/one/assets/a\ttab.sql': 'select 2',
    });
    readRested();
    const found = read();
    expect(found.known).toEqual(['two']);
    const [job] = found.namespaces[0]?.jobs ?? [];
    expect(Object.keys(job?.spec.assets ?? {}).toSorted()).toEqual([
      'a\ttab.sql',
      'query.sql',
      'two\nlines.sql',
    ]);
  });

  it('reads all jobs below a this.yaml again when that changes', async () => {
    readRested();
    await writeFiles(cwd, { 'a/this.yaml': 'labels: { team: y }\n' });
    expect(read()).toMatchObject({ known: [], jobs: ['one', 'two'] });
  });

  it('tells of a name that a known job and a new one share', async () => {
    readRested();
    await writeFiles(cwd, { 'a/three/job.yaml': toJobYaml('one') });
    expect(read().problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('job name "one" is already used'),
    );
  });
});
