import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';
import { buildImage, findImageEngine } from './image-engine.ts';

/** A PATH on which engines are scripts. */
async function install(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await createTemporaryFolder();
  await writeFiles(folder, scripts);
  for (const name of Object.keys(scripts)) await chmod(path.join(folder, name), 0o755);
  vi.stubEnv('PATH', folder);
  return folder;
}

it('takes Docker where it answers, else podman', async () => {
  await install({ docker: '#!/bin/sh\n', podman: '#!/bin/sh\n' });
  expect(await findImageEngine(undefined)).toBe('docker');
  await install({ docker: '#!/bin/sh\nexit 1\n', podman: '#!/bin/sh\n' });
  expect(await findImageEngine(undefined)).toBe('podman');
});

it('takes the engine that was asked for, or none', async () => {
  await install({ docker: '#!/bin/sh\n', podman: '#!/bin/sh\nexit 1\n' });
  await expect(findImageEngine('podman')).rejects.toThrow('podman does not answer `info`');
});

it('says what to start when none answers', async () => {
  await install({});
  await expect(findImageEngine(undefined)).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    hint: expect.stringContaining('start Docker, install podman'),
  });
});

it('hands an engine the reference, the Dockerfile, the arguments and the folder', async () => {
  const folder = await install({ podman: '#!/bin/sh\nprintf "%s\\n" "$@" > "$PWD/said"\n' });
  const image = {
    reference: 'acme/neo:1.0.0',
    dockerfile: '/x/Dockerfile',
    context: folder,
    args: { BASE: 'a b' },
  };
  await buildImage('podman', image);
  const said = (await readFile(path.join(folder, 'said'), 'utf8')).trimEnd().split('\n');
  const build = ['build', '--tag', 'acme/neo:1.0.0', '--file', '/x/Dockerfile', '--build-arg', 'BASE=a b'];
  expect(said).toEqual([...build, folder]);
});
