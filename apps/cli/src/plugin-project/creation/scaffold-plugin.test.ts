import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import type { NewPlugin } from './new-plugin.ts';
import { scaffoldPlugin } from './scaffold-plugin.ts';

const NEO: NewPlugin = { name: 'neo', kind: 'task', language: 'typescript', image: 'acme/neo' };

async function listTree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).toSorted();
}

function scaffold(repository: string, plugin: Partial<NewPlugin> = {}) {
  return scaffoldPlugin(repository, { plugin: { ...NEO, ...plugin }, sdk: { spec: 'next' } });
}

it('lays out a repository as the guide does, with the plugin below its kind', async () => {
  const repository = await createTemporaryFolder();
  expect(await scaffold(repository)).toEqual({ folder: path.join(repository, 'task/neo'), kept: [] });
  expect(await listTree(repository)).toEqual([
    '.github/workflows/plugins.yml',
    '.gitignore',
    'README.md',
    ...[
      'Dockerfile',
      'README.md',
      'entrypoint.sh',
      'executor/Dockerfile',
      'executor/main.mjs',
      'package.json',
      'plugin.json',
      'src/main.ts',
      'src/plugin.test.ts',
      'src/plugin.ts',
      'tsconfig.json',
    ].map((file) => `task/neo/${file}`),
  ]);
  expect((await stat(path.join(repository, 'task/neo/entrypoint.sh'))).mode & 0o111).toBe(0o111);
});

it('puts an archive of the SDK beside the source that names it', async () => {
  const repository = await createTemporaryFolder();
  await writeFiles(repository, { 'sdk.tgz': 'packed' });
  const source = path.join(repository, 'sdk.tgz');
  const vendored = { source, target: 'vendor/sdk.tgz' };
  await scaffoldPlugin(repository, { plugin: NEO, sdk: { spec: 'file:vendor/sdk.tgz', vendored } });
  expect(await readFile(path.join(repository, 'task/neo/vendor/sdk.tgz'), 'utf8')).toBe('packed');
});

it('leaves no placeholder in any file', async () => {
  const repository = await createTemporaryFolder();
  await scaffold(repository);
  await scaffold(repository, { name: 'tell', kind: 'hook', language: 'go' });
  for (const file of await listTree(repository)) {
    expect(await readFile(path.join(repository, file), 'utf8'), file).not.toMatch(/%[a-z]+%/);
  }
});

it('leaves the files of a repository that are there, and names them', async () => {
  const repository = await createTemporaryFolder();
  await writeFiles(repository, { 'README.md': 'mine' });
  expect((await scaffold(repository)).kept).toEqual(['README.md']);
  expect(await readFile(path.join(repository, 'README.md'), 'utf8')).toBe('mine');
});

it('touches nothing of a plugin that is there', async () => {
  const repository = await createTemporaryFolder();
  await writeFiles(repository, { 'task/neo/notes.txt': 'mine' });
  await expect(scaffold(repository)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  expect(await listTree(repository)).toEqual(['task/neo/notes.txt']);
});

it('makes one of two that are made at once', async () => {
  const repository = await createTemporaryFolder();
  const results = await Promise.allSettled([scaffold(repository), scaffold(repository)]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await readdir(path.join(repository, 'task'))).toEqual(['neo']);
});

it('leaves nothing behind when it fails half way', async () => {
  const repository = await createTemporaryFolder();
  const vendored = { source: path.join(repository, 'gone.tgz'), target: 'vendor/gone.tgz' };
  const failure = scaffoldPlugin(repository, { plugin: NEO, sdk: { spec: 'x', vendored } });
  await expect(failure).rejects.toThrow('gone.tgz');
  expect(await readdir(path.join(repository, 'task'))).toEqual([]);
});
