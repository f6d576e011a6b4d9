import path from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { readPluginProject } from './plugin-project.ts';

const PROJECT = { name: 'neo', kind: 'task', language: 'go', version: '1.0.0', image: 'acme/neo' };

async function read(text: string) {
  const folder = await createTemporaryFolder();
  await writeFiles(folder, { 'plugin.json': text });
  return readPluginProject(folder);
}

it('reads a project, not wrapped unless it says so', async () => {
  expect(await read(JSON.stringify(PROJECT))).toMatchObject({ ...PROJECT, isWrapped: false });
  expect(await read(JSON.stringify({ ...PROJECT, wrapped: true }))).toMatchObject({ isWrapped: true });
});

it('says which folder is none, and what to name instead', async () => {
  const folder = await createTemporaryFolder();
  await expect(readPluginProject(folder)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    message: `${folder} is not the source of a plugin: it has no plugin.json`,
  });
  await expect(readPluginProject(path.join(folder, 'gone'))).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

it('names all that is wrong at once', async () => {
  const wrong = { ...PROJECT, name: 'Neo', version: '1', imgae: 'acme/neo' };
  const failure = read(JSON.stringify(wrong));
  await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(failure).rejects.toThrow(/name: "Neo".*version: "1".*imgae/s);
});

it('refuses what is not JSON', async () => {
  await expect(read('name: neo')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
