import { startTestPlugin, type TestPlugin } from '@optimus/plugin-sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpPlugin } from './plugin.ts';

let plugin: TestPlugin;

beforeAll(async () => {
  plugin = await startTestPlugin(createHttpPlugin('post'));
});

afterAll(() => plugin.stop());

test('is three hooks of one image, each with its moment in its name', () => {
  const plugins = (['pre', 'post', 'fail'] as const).map(createHttpPlugin);
  expect(plugins.map(({ name, hookType }) => [name, hookType])).toEqual([
    ['http-pre', 'pre'],
    ['http-post', 'post'],
    ['http-fail', 'fail'],
  ]);
  expect(new Set(plugins.map(({ image }) => image)).size).toBe(1);
});

test('has an image of the version of the plugin', async () => {
  const { name, version, image, mods } = await plugin.info();
  expect({ name, mods }).toEqual({ name: 'http-post', mods: ['cli'] });
  expect(image).toBe(`optimus-hook-http-executor:${version}`);
});

test('asks for URL and method, and what is to be sent where the method sends something', async () => {
  const [url, method] = await plugin.getQuestions('nightly');
  expect(url).toMatchObject({ name: 'URL' });
  expect(method?.multiselect).toEqual(['POST', 'GET', 'PUT', 'PATCH', 'DELETE']);
  const sending = method?.subQuestions?.map(({ ifValue, questions }) => [ifValue, questions[0]?.name]);
  expect(sending).toEqual([
    ['POST', 'Body'],
    ['PUT', 'Body'],
    ['PATCH', 'Body'],
  ]);
});

test.each(['https://example.io/hook', 'http://127.0.0.1:8080', 'HTTPS://example.io', '{{.secret.hook}}'])(
  'takes the URL %s',
  async (url) => {
    expect(await plugin.validateQuestion('URL', url)).toBeUndefined();
  },
);

test.each(['', 'example.io', 'ftp://example.io', 'https://'])('refuses the URL %j', async (url) => {
  expect(await plugin.validateQuestion('URL', url)).toMatch(/^write a URL/);
});

test('the answers are the configuration, and a method without a body has none', async () => {
  const URL = 'https://example.io/hook';
  expect(await plugin.defaultConfig({ URL, Method: 'PUT', Body: '{}' })).toEqual({
    HTTP_URL: URL,
    HTTP_METHOD: 'PUT',
    HTTP_BODY: '{}',
  });
  expect(await plugin.defaultConfig({ URL, Method: 'GET' })).toEqual({ HTTP_URL: URL, HTTP_METHOD: 'GET' });
});

test('adds no assets: a hook shares those of its job', async () => {
  expect(await plugin.defaultAssets({})).toEqual({});
});
