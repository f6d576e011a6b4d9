import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { PluginQuestion } from '@optimus/domain';
import { type PluginHost, verifyPlugin } from '@optimus/plugin-host';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../e2e/stage/run-command.ts';
import { PluginStage, toPluginFileName } from './go-plugin/plugin-stage.ts';
import { installPythonPlugin } from './python-plugin/install-python-plugin.ts';

const installed = await installPythonPlugin();
const pluginDir = 'pluginDir' in installed ? installed.pluginDir : undefined;
const why = 'missing' in installed ? ` (skipped: there is no ${installed.missing})` : '';

const compileRequest = {
  config: [],
  window: { size: '24h', offset: '0', truncateTo: 'd' },
  interval: { start: new Date('2022-09-18T00:00:00Z'), end: new Date('2022-09-19T00:00:00Z') },
  scheduledAt: new Date('2022-09-19T02:00:00Z'),
};

describe.skipIf(pluginDir === undefined)(`the plugin of examples/python-plugin${why}`, () => {
  let stage: PluginStage;
  let host: PluginHost;
  const folder = pluginDir ?? '';
  const program = path.join(folder, toPluginFileName('load-csv'));

  beforeAll(() => {
    stage = new PluginStage();
    host = stage.createHost({ dirs: [folder] });
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const ask = (name: string, value: string, questions: readonly PluginQuestion[]) => {
    const all = questions.flatMap((each) => [each, ...each.subQuestions.flatMap((sub) => sub.questions)]);
    const question = all.find((each) => each.name === name);
    return question && host.findAnswerProblem('task', 'load-csv', { question, value });
  };

  it('is found, and says who it is', async () => {
    expect(await host.list()).toMatchObject([{ state: 'ready', path: program }]);
    expect(await host.find('task', 'load-csv')).toMatchObject({
      kind: 'task',
      version: '1.0.0',
      mods: ['cli'],
      image: 'example.io/load-csv:1.0.0',
    });
  });

  it('asks its questions, one of them only after an answer', async () => {
    const questions = await host.getQuestions('task', 'load-csv', 'nightly');
    expect(questions.map(({ name }) => name)).toEqual(['Source', 'Table', 'Mode']);
    expect(questions[2]).toMatchObject({
      default: 'APPEND',
      choices: ['APPEND', 'MERGE'],
      subQuestions: [{ ifValue: 'MERGE', questions: [{ name: 'Key' }] }],
    });
  });

  it('checks answers', async () => {
    const questions = await host.getQuestions('task', 'load-csv', 'nightly');
    expect(await ask('Source', 'https://example.io/a.csv', questions)).toBeUndefined();
    expect(await ask('Source', 'https://example.io/a.xls', questions)).toBe('write a URL that ends in .csv');
    expect(await ask('Table', 'sales', questions)).toBe('write it as dataset.table');
    expect(await ask('Key', '', questions)).toBe('write the name of one column');
    expect(await ask('Mode', 'APPEND', questions)).toBeUndefined();
  });

  it('makes configuration of the answers, and an asset', async () => {
    const [source, table] = await host.getQuestions('task', 'load-csv', 'nightly');
    const answers = [source, table].flatMap((question) => (question ? [{ question, value: 'x' }] : []));
    expect(await host.getDefaultConfig('task', 'load-csv', answers)).toEqual([
      { name: 'SOURCE', value: 'x' },
      { name: 'TABLE', value: 'x' },
    ]);
    expect(await host.getDefaultAssets('task', 'load-csv', answers)).toEqual([
      { name: 'columns.txt', value: '# One column a line.\nid\n' },
    ]);
  });

  it('compiles assets, larger ones than gRPC usually takes among them', async () => {
    const big = { name: 'big.txt', value: 'x'.repeat(5 * 1024 * 1024) };
    const columns = { name: 'columns.txt', value: '# for people\n\nid\n name \n' };
    const assets = await host.compileAssets('task', 'load-csv', {
      ...compileRequest,
      assets: [columns, big],
    });
    expect(assets).toEqual([{ name: 'columns.txt', value: 'id\nname\n' }, big]);
  });

  it('refuses what it cannot compile, in its own words', async () => {
    const assets = [{ name: 'columns.txt', value: '# none\n' }];
    await expect(host.compileAssets('task', 'load-csv', { ...compileRequest, assets })).rejects.toMatchObject(
      {
        code: 'PLUGIN_REFUSED',
        message: expect.stringContaining('columns.txt names no column'),
      },
    );
  });

  it('logs with its level, and what it prints arrives as well', async () => {
    await host.getQuestions('task', 'load-csv', 'of-this-test');
    const assets = [{ name: 'columns.txt', value: 'printed\n' }];
    await host.compileAssets('task', 'load-csv', { ...compileRequest, assets });
    await vi.waitFor(
      () => {
        expect(stage.lines).toContainEqual(
          expect.objectContaining({ level: 'info', message: 'asked for the questions of of-this-test' }),
        );
        expect(stage.lines.map(({ message }) => message)).toContain('columns: printed');
      },
      { timeout: 15_000 },
    );
    expect(stage.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('answers many calls at once', async () => {
    const asked = Array.from({ length: 100 }, () => host.getQuestions('task', 'load-csv', 'nightly'));
    expect((await Promise.all(asked)).map((questions) => questions.length)).toEqual(Array(100).fill(3));
  });

  it('ends when it is told to, and leaves nothing', async () => {
    const other = stage.createHost({ dirs: [folder] });
    await other.getQuestions('task', 'load-csv', 'nightly');
    await other.stop();
    expect(stage.lines.map(({ message }) => message)).not.toContain('had to be killed');
    await host.stop();
    const left = readdirSync('/tmp').filter((name) => name.startsWith(`optimus-plugins-${process.pid}-`));
    expect(left).toEqual([]);
  });

  it('keeps the whole contract of a plugin', async () => {
    const { cases } = await verifyPlugin(program);
    expect(cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    // It has one mod of the two, and no TLS.
    const skipped = cases.flatMap(({ id, outcome }) => (outcome === 'skipped' ? [id] : []));
    expect(skipped.map((id) => id.split('.')[0])).toEqual(['resolver', 'resolver', 'resolver', 'connection']);
  });

  it('run by hand, says what it is', async () => {
    const { code, stdout, stderr } = await runCommand([program], { cwd: stage.path, env: process.env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('is a plugin of Optimus and is not run by hand');
  });
});
