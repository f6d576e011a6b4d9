import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder } from '../../testing/temporary-folder.ts';

const create = (cwd: string, ...args: readonly string[]) =>
  runOptimus(['plugin', 'create', '--sdk', '1.0.0', ...args], { cwd });

const readProject = async (folder: string) =>
  JSON.parse(await readFile(path.join(folder, 'plugin.json'), 'utf8'));

it('makes a task in TypeScript when nothing else is said', async () => {
  const cwd = await createTemporaryFolder();
  const { code, stdout } = await create(cwd, 'neo');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'task neo is in task/neo\n' });
  expect(await readProject(path.join(cwd, 'task/neo'))).toEqual({
    name: 'neo',
    kind: 'task',
    language: 'typescript',
    version: '0.1.0',
    image: 'optimus-task-neo',
    wrapped: false,
  });
});

it('makes what the flags say', async () => {
  const cwd = await createTemporaryFolder();
  const flags = ['--kind', 'hook', '--language', 'go', '--dir', 'ours', '--image', 'acme/tell'];
  expect(await create(cwd, 'tell', ...flags)).toMatchObject({
    code: 0,
    stdout: 'hook tell is in ours/hook/tell\n',
  });
  const project = await readProject(path.join(cwd, 'ours/hook/tell'));
  expect(project).toMatchObject({ kind: 'hook', language: 'go', image: 'acme/tell' });
});

it.each([
  [[], '--name'],
  [['Near_Earth'], 'lower-case letters, digits and single dashes'],
  [['../neo'], 'lower-case letters'],
  [['neo', '--kind', 'job'], '--kind is "job", must be one of task, hook'],
  [['neo', '--language', 'rust'], '--language is "rust"'],
  [['neo', '--image', 'neo:1'], '--image is "neo:1"'],
])('called with %j says what is wrong and makes nothing', async (args, message) => {
  const cwd = await createTemporaryFolder();
  const { code, stderr } = await create(cwd, ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(await readdir(cwd)).toEqual([]);
});

it('never touches a plugin that is there', async () => {
  const cwd = await createTemporaryFolder();
  await create(cwd, 'neo');
  const { code, stderr } = await create(cwd, 'neo', '--language', 'go');
  expect(code).toBe(1);
  expect(stderr).toContain('is there already, and nothing in it was touched');
  expect(await readProject(path.join(cwd, 'task/neo'))).toMatchObject({ language: 'typescript' });
});
