import { startTestPlugin, type TestPlugin } from '@optimus/plugin-sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { python } from './plugin.ts';

let plugin: TestPlugin;

beforeAll(async () => {
  plugin = await startTestPlugin(python);
});

afterAll(() => plugin.stop());

test('is a task with questions, whose image has the version of the plugin', async () => {
  const { name, version, image, mods } = await plugin.info();
  expect({ name, mods }).toEqual({ name: 'python', mods: ['cli'] });
  expect(image).toBe(`optimus-task-python-executor:${version}`);
});

test('asks for the program alone', async () => {
  expect(await plugin.getQuestions('nightly')).toMatchObject([{ name: 'Script', default: 'main.py' }]);
});

test.each(['main.py', 'load_v2.py', 'a-b.c.py'])('takes the file name %s', async (name) => {
  expect(await plugin.validateQuestion('Script', name)).toBeUndefined();
});

test.each(['', 'main', 'main.sh', '../main.py', '/main.py', '-m.py', '.py', 'a b.py'])(
  'refuses %j as a file name',
  async (name) => {
    expect(await plugin.validateQuestion('Script', name)).toMatch(/^write a plain file name/);
  },
);

test('a new job has a program and nothing that it requires', async () => {
  expect(await plugin.defaultConfig({ Script: 'load.py' })).toEqual({ SCRIPT: 'load.py' });
  const assets = await plugin.defaultAssets({ Script: 'load.py' });
  expect(Object.keys(assets)).toEqual(['load.py', 'requirements.txt']);
  expect(assets['requirements.txt']).toMatch(/^#[^\n]*\n$/);
});
