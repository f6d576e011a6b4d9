import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runOptimus } from './testing/run-optimus.ts';
import { CLI_VERSION } from './version.ts';

it('is the version of the package', async () => {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest).toMatchObject({ version: CLI_VERSION });
});

const optimus = (...args: readonly string[]) => runOptimus(args, { cwd: tmpdir() });

it('is asked for before a command: after one it may be an option of that', async () => {
  expect(await optimus('--version')).toMatchObject({ code: 0, stdout: `${CLI_VERSION}\n` });
  const refused = await optimus('job', 'rollback', 'orders', '--version', '1');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain("unknown option '--version'");
  expect((await optimus('plugin', 'remove', 'none', '--version', '1.0.0')).stdout).toBe('');
});
