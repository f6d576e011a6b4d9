import { startTestPlugin, type TestPlugin } from '@optimus/plugin-sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shell } from './plugin.ts';

let plugin: TestPlugin;

beforeAll(async () => {
  plugin = await startTestPlugin(shell);
});

afterAll(() => plugin.stop());

test('is a task with questions, whose image has the version of the plugin', async () => {
  const { name, version, image, mods } = await plugin.info();
  expect({ name, mods }).toEqual({ name: 'shell', mods: ['cli'] });
  expect(image).toBe(`optimus-task-shell-executor:${version}`);
});

test('asks for the script and for what it is run by', async () => {
  expect(await plugin.getQuestions('nightly')).toMatchObject([
    { name: 'Script', default: 'script.sh' },
    { name: 'Interpreter', default: 'sh', multiselect: ['sh', 'bash'] },
  ]);
});

test.each(['script.sh', 'load_v2.bash', 'run'])('takes the file name %s', async (name) => {
  expect(await plugin.validateQuestion('Script', name)).toBeUndefined();
});

test.each(['', '../script.sh', '/bin/sh', '-x', '.env', 'a b', 'a;b', '{{.DSTART}}'])(
  'refuses %j as a file name',
  async (name) => {
    expect(await plugin.validateQuestion('Script', name)).toMatch(/^write a plain file name/);
  },
);

test('a new job has the answers as its configuration, and a script of that name', async () => {
  const answers = { Script: 'load.sh', Interpreter: 'bash' };
  expect(await plugin.defaultConfig(answers)).toEqual({ SCRIPT: 'load.sh', INTERPRETER: 'bash' });
  const assets = await plugin.defaultAssets(answers);
  expect(Object.keys(assets)).toEqual(['load.sh']);
  expect(assets['load.sh']).toMatch(/^#!\/usr\/bin\/env bash\n/);
});

test('a new script is not strict, and says how it would be', async () => {
  const { 'script.sh': script = '' } = await plugin.defaultAssets({});
  const commands = script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(commands).toEqual(['echo "from $DSTART to $DEND"']);
  expect(script).toContain('If it should: set -eu');
});

test('leaves scripts as they are', async () => {
  expect(await plugin.compileAssets({ assets: { 'script.sh': 'echo {{.DSTART}}' } })).toEqual({
    'script.sh': 'echo {{.DSTART}}',
  });
});
