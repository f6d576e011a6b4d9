import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { type RunInput, writeRunInput } from './write-run-input.ts';

const EMPTY: RunInput = { envs: {}, secrets: {}, files: {}, warnings: [] };

async function write(input: Partial<RunInput>, cwd?: string) {
  const folder = cwd ?? (await createTemporaryFolder());
  const terminal = captureTerminal(folder);
  const flags = new Flags({ outputDir: 'job' });
  await writeRunInput({ args: [], flags, terminal }, { ...EMPTY, ...input });
  return { terminal, folder: path.join(folder, 'job/in') };
}

describe('the folder of a run', () => {
  it('holds variables that a shell reads back as they were', async () => {
    const value = `it's "q" \`b\` $HOME \\ ünï\nnew line`;
    const { folder } = await write({ envs: { TRICKY: value }, secrets: { KEY: value } });
    for (const [file, name] of [
      ['.env', 'TRICKY'],
      ['.secret', 'KEY'],
    ]) {
      const script = `set -a; . "${folder}/${file}"; printenv ${name}`;
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(`${value}\n`);
    }
  });

  it('holds the files, each readable by its owner alone, also where others lay before', async () => {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'job/in/.secret': 'old' });
    const { folder } = await write({ files: { 'a/query.sql': 'select 1' }, secrets: { KEY: 'new' } }, cwd);
    expect(await readFile(path.join(folder, 'a/query.sql'), 'utf8')).toBe('select 1');
    for (const name of ['.env', '.secret', 'a/query.sql']) {
      expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(path.join(folder, '.secret'), 'utf8')).toBe("KEY='new'\n");
  });

  it('is told with the variables that have no value', async () => {
    const { terminal } = await write({ envs: { A: '<no value>', B: 'x' }, secrets: { C: 'a<no value>b' } });
    expect(terminal.noted).toEqual([
      'Warning: <no value> in A, C: a secret or setting they refer to is not set',
    ]);
    expect(terminal.printed).toHaveLength(1);
  });

  it('is told with what the server says had no value', async () => {
    const { terminal } = await write({ envs: { A: '<no value>' }, warnings: ['task.neo.config.A:1:3: no'] });
    expect(terminal.noted).toEqual(['Warning: task.neo.config.A:1:3: no']);
  });

  it.each(['../outside', '/etc/passwd', 'a/../../b', '.env', ''])('takes no file called %j', async (name) => {
    const cwd = await createTemporaryFolder();
    await writeFile(path.join(cwd, 'mine'), '');
    await expect(write({ files: { [name]: 'x' } }, cwd)).rejects.toThrow('the server sent a file called');
    expect(await readdir(cwd)).toEqual(['mine']);
  });
});
