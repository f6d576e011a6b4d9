import { chmod, readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { list } from 'tar';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { writeArchives, writeChecksums } from './release-files.ts';

const PROGRAM = 'optimus-neo_1.0.0_linux_amd64';
const REQUEST = {
  plugin: { name: 'neo', version: '1.0.0' },
  programs: [{ target: { os: 'linux', arch: 'amd64' }, name: PROGRAM }],
} as const;

async function makeFolder() {
  const folder = await createTemporaryFolder();
  await writeFiles(folder, { [PROGRAM]: '#!/bin/sh\n' });
  await chmod(path.join(folder, PROGRAM), 0o755);
  return folder;
}

it('packs a program alone, to be run as it is', async () => {
  const folder = await makeFolder();
  expect(await writeArchives(folder, REQUEST)).toEqual(['neo_1.0.0_linux_amd64.tar.gz']);
  const entries: unknown[] = [];
  const onReadEntry = ({ path: name, mode = 0, type }: { path: string; mode?: number; type: string }) =>
    void entries.push({ name, mode: mode & 0o777, type });
  await list({ file: path.join(folder, 'neo_1.0.0_linux_amd64.tar.gz'), onReadEntry });
  expect(entries).toEqual([{ name: PROGRAM, mode: 0o755, type: 'File' }]);
});

it('packs the same bytes whenever the program was written', async () => {
  const [first, second] = [await makeFolder(), await makeFolder()];
  await utimes(path.join(second, PROGRAM), 1, 1);
  const archives = [first, second].map(async (folder) => {
    await writeArchives(folder, REQUEST);
    return readFile(path.join(folder, 'neo_1.0.0_linux_amd64.tar.gz'));
  });
  const [one, other] = await Promise.all(archives);
  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
});

it('lists digests as sha256sum does, sorted', async () => {
  const folder = await createTemporaryFolder();
  await writeFiles(folder, { b: '', a: 'abc' });
  await writeChecksums(folder);
  expect(await readFile(path.join(folder, 'checksums.txt'), 'utf8')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n' +
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n',
  );
});
