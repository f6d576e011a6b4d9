import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CgroupOptions, locateCgroups, type MadeCgroups, makeCgroups } from './make-cgroups.ts';

// Plain files in the place of a hierarchy of version 2: what is written where, and what is made of what they say.
describe('the cgroups of an attempt, in version 2', () => {
  let root: string;
  let parent: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cgroups-'));
    parent = join(root, 'parent');
    await mkdir(parent);
    await put({
      'cgroup.type': 'domain\n',
      'cgroup.controllers': 'cpuset cpu io memory pids\n',
      'cgroup.subtree_control': '\n',
      'cgroup.procs': '',
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(parent, name), text);
  };
  const read = (name: string): Promise<string> => readFile(join(parent, name), 'utf8');
  const make = (limits: CgroupOptions['limits']): MadeCgroups =>
    makeCgroups({ limits, places: locateCgroups(parent), name: 'a1', record: join(root, 'record') });

  it('are one, with all its limits, and recorded', async () => {
    expect(make({ memoryBytes: 4096, cpus: 0.5, requestedCpus: 1 })).toEqual({
      folders: [join(parent, 'a1')],
      problems: [],
    });
    expect(await read('a1/memory.max')).toBe('4096');
    expect(await read('a1/cpu.max')).toBe('50000 100000');
    expect(await read('a1/cpu.weight')).toBe('100');
    expect(await readFile(join(root, 'record'), 'utf8')).toBe(`${join(parent, 'a1')}\n`);
  });

  it('have the controllers that they need, and no other', async () => {
    make({ memoryBytes: 4096 });
    expect(await read('cgroup.subtree_control')).toBe('+memory');
    expect((await readdir(join(parent, 'a1'))).toSorted()).toEqual(['memory.max']);
  });

  it('leave alone what is enabled', async () => {
    await put({ 'cgroup.subtree_control': 'cpu memory\n' });
    expect(make({ memoryBytes: 4096, cpus: 1 }).problems).toEqual([]);
    expect(await read('cgroup.subtree_control')).toBe('cpu memory\n');
  });

  it('cannot be made beside processes, and what holds these stays as it is', async () => {
    await put({ 'cgroup.procs': '4711\n' });
    const problem = `the cgroup ${parent} holds processes itself, the server's perhaps`;
    expect(make({ memoryBytes: 4096, cpus: 1 })).toEqual({
      folders: [],
      problems: [`memory: ${problem}`, `cpu: ${problem}`],
    });
    expect(await read('cgroup.subtree_control')).toBe('\n');
  });

  it('can be made beside processes in the root', async () => {
    await put({ 'cgroup.procs': '1\n' });
    await rm(join(parent, 'cgroup.type'));
    expect(make({ cpus: 1 }).problems).toEqual([]);
  });

  it('have the limits of those controllers that there are', async () => {
    await put({ 'cgroup.controllers': 'memory pids\n' });
    expect(make({ memoryBytes: 4096, cpus: 1 })).toEqual({
      folders: [join(parent, 'a1')],
      problems: [`cpu: the cgroup ${parent} does not have this controller`],
    });
  });

  it('cannot be made in what is no cgroup', async () => {
    await rm(parent, { recursive: true });
    expect(make({ cpus: 1 })).toEqual({
      folders: [],
      problems: [`cpu: the cgroup ${parent} does not have this controller`],
    });
  });

  it('cannot be made where the system has none', () => {
    const record = join(root, 'record');
    expect(makeCgroups({ limits: { cpus: 1 }, places: {}, name: 'a1', record })).toEqual({
      folders: [],
      problems: ['cpu: there is no cgroup of this process'],
    });
  });
});
