import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseClientConfig } from '../../config/read-client-config.ts';
import { runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';

const FLAGS = ['--host', 'localhost:9100', '--project-name', 'neo', '--namespace', 'team_a'];

async function init(cwd: string, ...more: readonly string[]) {
  return runOptimus(['init', ...FLAGS, ...more], { cwd });
}

async function isFolder(...parts: readonly string[]): Promise<boolean> {
  return stat(path.join(...parts)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

describe('init', () => {
  it('writes a configuration that reads back, and the folders of each namespace', async () => {
    const cwd = await createTemporaryFolder();
    expect(await init(cwd, '--namespace', 'team_b')).toMatchObject({ code: 0, stderr: '' });
    const file = path.join(cwd, 'optimus.yaml');
    const config = parseClientConfig(file, await readFile(file, 'utf8'), cwd);
    expect(config).toMatchObject({ host: 'localhost:9100', project: { name: 'neo' } });
    expect(config.namespaces.map(({ name }) => name)).toEqual(['team_a', 'team_b']);
    for (const { jobPath, datastores } of config.namespaces) {
      expect(await isFolder(jobPath)).toBe(true);
      expect(await isFolder(datastores[0]?.path ?? '')).toBe(true);
    }
  });

  it('makes files and folders that whoever the umask admits may read', async () => {
    const cwd = await createTemporaryFolder();
    await init(cwd);
    const readMode = async (name: string) => (await stat(path.join(cwd, name))).mode & 0o777;
    const mask = process.umask();
    expect(await readMode('team_a/jobs')).toBe(0o777 & ~mask);
    expect(await readMode('optimus.yaml')).toBe(0o666 & ~mask);
  });

  it('makes the folder of --dir', async () => {
    const cwd = await createTemporaryFolder();
    expect(await init(cwd, '--dir', 'new/place')).toMatchObject({ code: 0 });
    expect(await isFolder(cwd, 'new/place/team_a/jobs')).toBe(true);
  });

  it.each([
    ['host', ['--host', 'a b', '--project', 'neo', '--namespace', 'a']],
    ['project-name', ['--host', 'h', '--namespace', 'a']],
    ['namespace', ['--host', 'h', '--project', 'neo']],
    ['datastore', [...FLAGS, '--datastore', 'bigqury']],
  ])('names --%s when its answer is missing or wrong, and writes nothing', async (flag, flags) => {
    const cwd = await createTemporaryFolder();
    const { code, stderr } = await runOptimus(['init', ...flags], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`--${flag}`);
    expect(await isFolder(cwd, 'a')).toBe(false);
  });
});

describe('init over what is there', () => {
  async function createOccupied() {
    const cwd = await createTemporaryFolder();
    await writeFiles(cwd, { 'team_a/jobs/mine/job.yaml': 'precious' });
    return cwd;
  }
  const readMine = (cwd: string) =>
    readFile(path.join(cwd, 'team_a/jobs/mine/job.yaml'), 'utf8').catch(() => 'gone');

  it('touches no folder unless told what to do with it', async () => {
    const cwd = await createOccupied();
    const { code, stderr } = await init(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('is occupied, replace?');
    expect(await readMine(cwd)).toBe('precious');
  });

  it('keeps folders with --yes', async () => {
    const cwd = await createOccupied();
    expect(await init(cwd, '--yes')).toMatchObject({ code: 0 });
    expect(await readMine(cwd)).toBe('precious');
  });

  it('replaces folders with --force alone, and says so', async () => {
    const cwd = await createOccupied();
    const { stdout } = await init(cwd, '--force');
    expect(stdout).toContain('namespace team_a: replaced');
    expect(await readMine(cwd)).toBe('gone');
  });

  it('leaves a configuration as it is without --force', async () => {
    const cwd = await createTemporaryFolder();
    await writeFile(path.join(cwd, 'optimus.yaml'), 'mine');
    expect(await init(cwd)).toMatchObject({ code: 2 });
    expect(await init(cwd, '--yes')).toMatchObject({ code: 2 });
    expect(await readFile(path.join(cwd, 'optimus.yaml'), 'utf8')).toBe('mine');
    expect(await init(cwd, '--force')).toMatchObject({ code: 0 });
  });
});
