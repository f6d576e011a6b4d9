import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';

const PROJECT = { name: 'neo', kind: 'task', language: 'typescript', version: '1.0.0', image: 'acme/neo' };

async function build(...args: readonly string[]) {
  const cwd = await createTemporaryFolder();
  await writeFiles(cwd, { 'task/neo/plugin.json': JSON.stringify(PROJECT) });
  const ended = await runOptimus(['plugin', 'build', 'task/neo', ...args], { cwd, env: { PATH: '' } });
  return { ...ended, left: await readdir(path.join(cwd, 'task/neo')) };
}

it.each([
  [['--os-arch', 'linux/sparc'], '--os-arch has "linux/sparc"'],
  [['--os-arch', 'linux/amd64', '--all'], '--all and --os-arch exclude each other'],
  [['--plugin-version', 'v1'], '--plugin-version is "v1"'],
  [['--push'], '--push sends images, and none is built'],
  [['--engine', 'runc'], '--engine is "runc"'],
])('called with %j names the flag, and builds nothing', async (args, message) => {
  const { code, stderr, left } = await build(...args);
  expect({ code, left }).toEqual({ code: 2, left: ['plugin.json'] });
  expect(stderr).toContain(message);
});

it.each([
  [['--os-arch', 'windows/amd64'], 'Windows starts no script by its first line'],
  [['--image'], 'no image can be built: docker and podman do not answer'],
  [[], 'has no esbuild installed'],
])('called with %j says what stands in the way, and leaves nothing', async (args, message) => {
  const { code, stderr, left } = await build(...args);
  expect({ code, left }).toEqual({ code: 1, left: ['plugin.json'] });
  expect(stderr).toContain(message);
});

it.skipIf(process.platform === 'darwin')(
  'makes no standalone program for macOS, which only macOS signs',
  async () => {
    const { code, stderr } = await build('--standalone', '--os-arch', 'darwin/arm64');
    expect(code).toBe(1);
    expect(stderr).toContain('macOS must sign it');
  },
);
