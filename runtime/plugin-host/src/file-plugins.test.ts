import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ParseResources } from './catalog/file-plugin.ts';
import { PluginFolder, readFailure } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const described = `
name: described
plugintype: task
pluginversion: 1.0.0
image: example/described:1.0.0
questions:
  - { name: TABLE, prompt: Which table?, regexp: "^[a-z.]+$", validationerror: small letters, required: true }
defaultconfig:
  - { name: TABLE, value: none }
  - { name: MODE, value: append }
defaultassets:
  - { name: query.sql, value: select 1 }
`;

const templated = `
version: 2
name: templated
destination_urn_template: bigquery://<TABLE>
plugin_versions: { default: { image: example/templated, tag: v1, entrypoint: { script: run } } }
`;

const resolveRequest = (table: string) => ({
  config: [{ name: 'TABLE', value: table }],
  assets: [],
  project: { name: 'space', config: {} },
});

test('a file is a plugin beside the programs, and answers without a process', async () => {
  folder.addFile('optimus-plugin-described.yaml', described, 0o644);
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  expect(await host.list()).toMatchObject([
    { state: 'ready', info: { name: 'described', image: 'example/described:1.0.0' } },
    { state: 'ready', info: { name: 'sample' } },
  ]);
  const [question] = await host.getQuestions('task', 'described', 'job');
  expect(question).toMatchObject({ name: 'TABLE', prompt: 'Which table?' });
  if (question === undefined) return;
  expect(await host.findAnswerProblem('task', 'described', { question, value: 'A' })).toBe('small letters');
  expect(await host.findAnswerProblem('task', 'described', { question, value: 'a.b' })).toBeUndefined();
  expect(await host.getDefaultConfig('task', 'described', [{ question, value: 'a.b' }])).toEqual([
    { name: 'TABLE', value: 'a.b' },
    { name: 'MODE', value: 'append' },
  ]);
  expect(await host.getDefaultAssets('task', 'described', [])).toEqual([
    { name: 'query.sql', value: 'select 1' },
  ]);
});

test('the second form tells what a job writes, and serves as a hook as well', async () => {
  folder.addFile('optimus-plugin-templated.yaml', templated, 0o644);
  const host = folder.createHost();
  expect(await host.find('hook', 'templated')).toMatchObject({ hookType: 'post' });
  expect(await host.findDestination('task', 'templated', resolveRequest('a.b'))).toBe('bigquery://a.b');
  expect(await host.listDependencies('task', 'templated', resolveRequest('a.b'))).toEqual([]);
  const assets = [{ name: 'a', value: '{{.DSTART}}' }];
  const interval = { start: new Date(0), end: new Date(1) };
  const window = { size: '24h', offset: '0', truncateTo: '' };
  const compile = { config: [], assets, window, interval, scheduledAt: new Date(1) };
  expect(await host.compileAssets('task', 'templated', compile)).toEqual(assets);
  await expect(host.findDestination('task', 'templated', resolveRequest(''))).rejects.toMatchObject({
    code: 'PLUGIN_REFUSED',
    message: expect.stringContaining("needs TABLE in the job's configuration"),
  });
});

test('a mistake in a file is told with its place, and the others work', async () => {
  const file = folder.addFile('optimus-plugin-bad.yaml', described.replace('image', 'imgae'), 0o644);
  expect(await readFailure(folder.createHost())).toContain(
    `${file}:5:1: unknown field "imgae", did you mean "image"?`,
  );
});

test('a file that others could change is refused unless that is allowed', async () => {
  const file = folder.addFile('optimus-plugin-described.yaml', described, 0o644);
  chmodSync(file, 0o666);
  expect(await readFailure(folder.createHost())).toContain('can be modified by other users');
  const host = folder.createHost({ allowForeignWriters: true });
  expect(await host.find('task', 'described')).toBeDefined();
});

test('the first directory wins, and .plugins of the current one is looked into', async () => {
  folder.addFile('here/.plugins/optimus-plugin-described.yaml', described, 0o644);
  const cwd = path.join(folder.path, 'here');
  expect(await folder.createHost({ cwd }).find('task', 'described')).toMatchObject({ version: '1.0.0' });
  expect(await folder.createHost({ cwd, ignoreCwd: true }).list()).toEqual([]);
  folder.addFile('optimus-plugin-described.yaml', described.replaceAll('1.0.0', '2.0.0'), 0o644);
  const host = folder.createHost({ cwd });
  expect(await host.find('task', 'described')).toMatchObject({ version: '2.0.0' });
  expect(await host.list()).toMatchObject([
    { shadows: [path.join(cwd, '.plugins/optimus-plugin-described.yaml')] },
  ]);
});

test('a program that says all of itself needs no file and is not changed by one', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  folder.addFile('optimus-plugin-sample.yaml', described.replace('described', 'sample'), 0o644);
  const host = folder.createHost();
  expect(await host.list()).toMatchObject([{ info: { image: 'sample:1.2.3' } }]);
  expect(await host.getQuestions('task', 'sample', 'job')).toMatchObject([{ name: 'Q' }]);
});

test('warns once that the program is missing which a file counts on', async () => {
  const text = `${described}\npluginmods: [cli, dependencyresolver]\n`;
  folder.addFile('optimus-plugin-described.yaml', text, 0o644);
  const host = folder.createHost();
  await host.find('task', 'described');
  await host.find('task', 'described');
  const warnings = folder.log.entries.filter(({ level }) => level === 'warn');
  expect(warnings.map(({ message }) => message)).toEqual([
    'no program resolves the dependencies that this plugin declares to',
  ]);
});

test('finds out without reflection that a program tells but its name, and asks the file for the rest', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'silent', 'name-only');
  expect(await readFailure(folder.createHost())).toContain('put optimus-plugin-bare.yaml beside it');
  folder.addFile('optimus-plugin-bare.yaml', described.replace('described', 'bare'), 0o644);
  const host = folder.createHost();
  expect(await host.list()).toMatchObject([{ info: { name: 'bare', mods: ['cli', 'dependencyresolver'] } }]);
  expect(await host.getQuestions('task', 'bare', 'job')).toMatchObject([{ name: 'TABLE' }]);
});

test('the second form has parsers tell what the texts of a job read, and names one that there is not', async () => {
  const sources = 'asset_parsers: { words: [{ filepath: ./query.sql }, { env: SQL }] }\n';
  folder.addFile('optimus-plugin-templated.yaml', `${templated}${sources}`, 0o644);
  const parseResources: ParseResources = (parser, texts, destination) =>
    parser === 'words' ? texts.map(({ name, sql }) => `${name} ${sql} beside ${destination}`) : undefined;
  const request = {
    ...resolveRequest('a.b'),
    config: [
      { name: 'TABLE', value: 'a.b' },
      { name: 'SQL', value: 'two' },
    ],
    assets: [{ name: 'query.sql', value: 'one' }],
  };
  const host = folder.createHost({ parseResources });
  expect(await host.listDependencies('task', 'templated', request)).toEqual([
    'query.sql one beside bigquery://a.b',
    'SQL two beside bigquery://a.b',
  ]);
  expect(await host.listSourceTexts('task', 'templated', request)).toEqual([
    { parser: 'words', name: 'query.sql', text: 'one' },
    { parser: 'words', name: 'SQL', text: 'two' },
  ]);
  expect(await host.listAbsentTexts('task', 'templated', { ...request, assets: [] })).toEqual([]);
  expect(await host.listAbsentTexts('task', 'templated', { ...request, assets: [], config: [] })).toEqual([
    'query.sql',
    'SQL',
  ]);
  const deaf = folder.createHost();
  await expect(deaf.listDependencies('task', 'templated', request)).rejects.toMatchObject({
    code: 'PLUGIN_REFUSED',
    message: expect.stringContaining('names the asset parser "words", which there is not'),
  });
});
