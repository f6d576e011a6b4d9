import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type VerificationReport, verifyPlugin } from '@optimus/plugin-host';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { checkout } from '../e2e/stage/stage-folder.ts';
import { buildGoPrograms } from './go-plugin/go-programs.ts';
import { PluginStage } from './go-plugin/plugin-stage.ts';

const program = path.join(checkout, '.build', 'contract-plugin', `${process.pid}.mjs`);
await build({
  entryPoints: [fileURLToPath(new URL('fixtures/contract-plugin.mjs', import.meta.url))],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  conditions: ['source'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});

const go = await buildGoPrograms();
const goPrograms = 'programs' in go ? go.programs : [];
const why = 'missing' in go ? ` (skipped: there is no ${go.missing})` : '';

afterAll(() => rmSync(program, { force: true }));

const run = (flaw: string) => `'${process.execPath}' '${program}' '${flaw}'`;
const failed = ({ cases }: VerificationReport) =>
  cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
const find = ({ cases }: VerificationReport, id: string) => cases.find((each) => each.id === id);

/** The flaw, and the only case that it may fail. */
const flaws = [
  ['no-cookie', 'start.cookie', 'starts all the same'],
  ['greets', 'start.handshake', 'its first output was "hello"'],
  ['boastful', 'start.versions', 'speaks plugin protocol 7'],
  ['no-health', 'connection.health', 'UNIMPLEMENTED'],
  ['unheard-of', 'connection.api', 'no name that is known'],
  ['false-tls', 'connection.tls', 'cannot be spoken to'],
  ['open-tls', 'connection.tls', 'answers a host with another certificate'],
  ['nameless', 'info.complete', 'reports no name'],
  ['other-name', 'info.names', 'calls itself other, its file sample'],
  ['tagless', 'info.image', 'without a tag'],
  ['relative-secret', 'info.secret', 'key.json'],
  ['own-hook', 'info.hook', 'depends on itself'],
  ['unstable', 'info.stable', 'something else the second time'],
  ['unknown-mod', 'info.mods', 'there is not (9)'],
  ['undeclared', 'info.undeclared', 'serves "dependencyresolver"'],
  ['twice', 'cli.questions', 'two questions called "Table"'],
  ['refuses-default', 'cli.answers', 'refuses the default of "Choice"'],
  ['moody', 'cli.config', 'something else for the same answers'],
  ['escaping', 'cli.assets', '../query.sql'],
  ['compiles-outside', 'cli.compile', '/etc/x'],
  ['needs-assets', 'cli.compile-empty', 'exit code 6'],
  ['strict', 'cli.unknown-fields', 'unknown field 1000'],
  ['typeless', 'resolver.destination', 'without a type'],
  ['repeats', 'resolver.dependencies', 'twice'],
  ['needs-table', 'resolver.empty', 'exit code 8'],
  ['one-by-one', 'calls.at-once', 'exit code 4'],
  ['ends-when-given-up', 'calls.given-up', 'exit code 3'],
  ['any-method', 'calls.unknown', 'status OK'],
  ['dies-of-size', 'calls.large', 'exit code 7'],
  ['small', 'calls.large', 'lists large-requests'],
  ['no-controller', 'end.shutdown', 'does not serve plugin.GRPCController'],
  ['deaf', 'end.shutdown', 'goes on'],
  ['stubborn', 'end.terminate', 'goes on'],
  ['interrupted', 'end.interrupt', 'signal SIGINT'],
] as const;

// Side by side: half of the time of a verification is waiting for a plugin to end, or to go on.
describe.concurrent('a plugin that is verified', () => {
  it('keeps the whole contract, whatever it is written with', async () => {
    await using stage = new PluginStage();
    const report = await verifyPlugin(stage.addScript(`exec ${run('')}`));
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ name: 'sample', isConforming: true });
    const skipped = report.cases.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
    expect(skipped).toEqual(['connection.output']);
  });

  it.each(flaws)('with the flaw "%s" fails at %s alone', async (flaw, id, found) => {
    await using stage = new PluginStage();
    const report = await verifyPlugin(stage.addScript(`exec ${run(flaw)}`));
    expect(failed(report)).toEqual([id]);
    expect(report.isConforming).toBe(false);
    expect(find(report, id)?.found).toContain(found);
    expect(find(report, id)?.mend).not.toBe('');
  });

  it('fails at end.orphan alone when a script starts it without exec', async () => {
    await using stage = new PluginStage();
    const report = await verifyPlugin(stage.addScript(`trap '' INT\n${run('no-watch')}`));
    expect(failed(report)).toEqual(['end.orphan']);
  });

  it('may do without TLS, and may keep to 4 MiB', async () => {
    await using stage = new PluginStage();
    const report = await verifyPlugin(stage.addScript(`exec ${run('no-tls')}`));
    expect(find(report, 'connection.tls')).toMatchObject({ outcome: 'skipped' });
    expect(failed(await verifyPlugin(stage.addScript(`exec ${run('modest')}`)))).toEqual([]);
  });

  it('is not run when hosts would not run it', async () => {
    await using stage = new PluginStage();
    const file = stage.addScript(`exec ${run('')}`);
    chmodSync(file, 0o644);
    const report = await verifyPlugin(file);
    expect(failed(report)).toEqual(['file.vetting']);
    expect(find(report, 'file.vetting')).toMatchObject({
      found: 'is not executable',
      mend: `run: chmod +x ${file}`,
    });
    expect(find(report, 'start.handshake')).toMatchObject({ outcome: 'skipped' });
  });

  it('fails at file.name alone when hosts would not find it', async () => {
    await using stage = new PluginStage();
    const file = path.join(stage.path, 'sample');
    writeFileSync(file, `#!/bin/sh\nexec ${run('')}\n`, { mode: 0o755 });
    expect(failed(await verifyPlugin(file))).toEqual(['file.name']);
  });
});

describe('a plugin that a file describes', () => {
  const describeIt = async (text: string, name = 'optimus-plugin-copy.yaml') => {
    await using stage = new PluginStage();
    const file = path.join(stage.path, name);
    writeFileSync(file, `name: copy\nplugintype: task\npluginversion: 1.0.0\n${text}`, { mode: 0o644 });
    return await verifyPlugin(file);
  };

  it('keeps its part of the contract', async () => {
    const report = await describeIt('image: i:1\nquestions: [{ name: Q, default: a, regexp: ^a }]\n');
    expect(failed(report)).toEqual([]);
    expect(report.name).toBe('copy');
  });

  it.each([
    ['image: i:1\nqestions: []\n', 'file.readable'],
    ['image: i\n', 'info.image'],
    [
      'image: i:1\nquestions: [{ name: Q, multiselect: [a], subquestions: [{ ifvalue: z, questions: [{ name: R }] }] }]\n',
      'cli.questions',
    ],
    ['image: i:1\nquestions: [{ name: Q, default: b, regexp: ^a }]\n', 'cli.answers'],
    ['image: i:1\ndefaultassets: [{ name: ../x, value: y }]\n', 'cli.assets'],
  ])('as %j fails at %s alone', async (text, id) => {
    expect(failed(await describeIt(text))).toEqual([id]);
  });

  it('fails at info.names when its file has another name', async () => {
    expect(failed(await describeIt('image: i:1\n', 'optimus-plugin-move.yaml'))).toEqual(['info.names']);
  });
});

describe.skipIf(goPrograms.length === 0)(`plugins in Go${why}`, { concurrent: true }, () => {
  it.each(goPrograms)('built with go-plugin $version keep the contract', async ({ plugin }) => {
    await using stage = new PluginStage();
    const report = await verifyPlugin(stage.addProgram(plugin));
    expect(failed(report)).toEqual([]);
    const large = find(report, 'calls.large');
    expect(large).toMatchObject({ outcome: 'passed' });
  });

  it.each(goPrograms)(
    'built with go-plugin $version that declare what they lack fail at info.mods',
    async ({ plugin }) => {
      await using stage = new PluginStage();
      const file = stage.addProgram(plugin, { SERVES: 'resolver' });
      const report = await verifyPlugin(file);
      expect(find(report, 'info.mods')).toMatchObject({ found: 'declares "cli" but does not serve it' });
    },
  );
});

const bundled = path.join(checkout, 'apps', 'cli', 'dist', '.optimus', 'plugins');

it.concurrent.each(readdirSync(bundled))('the bundled %s keeps the contract', async (name) => {
  expect(failed(await verifyPlugin(path.join(bundled, name)))).toEqual([]);
});
