import { startTestPlugin, type TestPlugin } from '@optimus/plugin-sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neo } from './plugin.ts';

let plugin: TestPlugin;

beforeAll(async () => {
  plugin = await startTestPlugin(neo);
});

afterAll(() => plugin.stop());

test('is a task with questions, whose image has the version of the plugin', async () => {
  const { name, version, image, mods } = await plugin.info();
  expect({ name, mods }).toEqual({ name: 'neo', mods: ['cli'] });
  expect(image).toBe(`optimus-task-neo-executor:${version}`);
});

test('asks for the two ends of the range', async () => {
  expect(await plugin.getQuestions('is_last_day_on_earth')).toMatchObject([
    { name: 'Start', prompt: 'Date range start', help: 'YYYY-MM-DD format' },
    { name: 'End', prompt: 'Date range end', help: 'YYYY-MM-DD format' },
  ]);
});

test('takes any answer but none', async () => {
  expect(await plugin.validateQuestion('Start', '{{.DSTART}}')).toBeUndefined();
  expect(await plugin.validateQuestion('End', '')).toBe('not a valid string');
});

test('a new job has the answers and the secret as its configuration, and no assets', async () => {
  const answers = { Start: '{{.DSTART}}', End: '{{.DEND}}' };
  expect(await plugin.defaultConfig(answers)).toEqual({
    RANGE_START: '{{.DSTART}}',
    RANGE_END: '{{.DEND}}',
    SECRET_KEY: '{{.secret.neo_api_key}}',
  });
  expect(await plugin.defaultAssets(answers)).toEqual({});
});

test('leaves assets as they are', async () => {
  expect(await plugin.compileAssets({ assets: { 'notes.txt': '{{.DSTART}}' } })).toEqual({
    'notes.txt': '{{.DSTART}}',
  });
});
