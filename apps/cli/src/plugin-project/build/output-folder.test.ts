import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { replaceFolder } from './output-folder.ts';

const write = (text: string) => async (folder: string) => {
  await writeFile(path.join(folder, 'checksums.txt'), text);
  return text;
};
const readSums = (folder: string) => readFile(path.join(folder, 'dist/checksums.txt'), 'utf8');

it('makes the folder, and replaces the one of an earlier build whole', async () => {
  const parent = await createTemporaryFolder();
  const dist = path.join(parent, 'dist');
  expect(await replaceFolder(dist, write('first'))).toBe('first');
  await writeFiles(dist, { 'optimus-neo_0.1.0_linux_amd64': 'old' });
  await replaceFolder(dist, write('second'));
  expect(await readdir(dist)).toEqual(['checksums.txt']);
  expect(await readSums(parent)).toBe('second');
  expect(await readdir(parent)).toEqual(['dist']);
  expect((await stat(dist)).mode & 0o777).toBe(0o777 & ~process.umask());
});

it('leaves the earlier build when the next one fails', async () => {
  const parent = await createTemporaryFolder();
  const dist = path.join(parent, 'dist');
  await replaceFolder(dist, write('first'));
  const failing = async (folder: string) => {
    await write('half')(folder);
    throw new TypeError('no');
  };
  await expect(replaceFolder(dist, failing)).rejects.toThrow('no');
  expect(await readSums(parent)).toBe('first');
  expect(await readdir(parent)).toEqual(['dist']);
});

it('refuses to replace what no build wrote, before anything is built', async () => {
  const parent = await createTemporaryFolder();
  await writeFiles(parent, { 'dist/thesis.txt': 'mine', file: '' });
  await expect(replaceFolder(path.join(parent, 'dist'), write('x'))).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    message: expect.stringContaining('no build has written'),
  });
  await expect(replaceFolder(path.join(parent, 'file'), write('x'))).rejects.toThrow(
    'cannot be read as a folder',
  );
  expect(await readFile(path.join(parent, 'dist/thesis.txt'), 'utf8')).toBe('mine');
});
