import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ended, runCommand } from '../e2e/stage/run-command.ts';
import { checkout } from '../e2e/stage/stage-folder.ts';
import { buildGoPrograms } from './go-plugin/go-programs.ts';
import { PluginStage } from './go-plugin/plugin-stage.ts';

const build = await buildGoPrograms();
const programs = 'programs' in build ? build.programs : [];
const why = 'missing' in build ? ` (skipped: there is no ${build.missing})` : '';
const fixture = fileURLToPath(new URL('./go-plugin/sdk-plugin.ts', import.meta.url));
const cache = path.join(checkout, 'node_modules/.cache/plugin-fixtures');

/** One line of the host: the answer to a call, or what the plugin printed. */
interface Answer {
  readonly call: string;
  readonly value?: unknown;
  readonly error?: string;
  readonly code?: string;
  readonly ms: number;
}

let stage: PluginStage;
let plugin: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  stage = new PluginStage();
  plugin = stage.addScript(
    `NODE_COMPILE_CACHE='${cache}' exec '${process.execPath}' --conditions=source '${fixture}'`,
  );
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stage[Symbol.asyncDispose]();
});

const hostEnv = (extra: NodeJS.ProcessEnv = {}) => ({ ...process.env, TMPDIR: stage.path, ...extra });

function parseAnswers({ stdout }: Ended): Answer[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const printedIn = (answers: readonly Answer[]) =>
  answers
    .filter(({ call }) => call === 'printed')
    .map(({ value }) => value)
    .join('');

describe.skipIf(programs.length === 0)(`plugins of the SDK under a host in Go${why}`, () => {
  describe.each(programs)('built with go-plugin $version', ({ host }) => {
    async function ask(calls: readonly string[], flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
      const command = [host, ...flags, plugin, ...calls] as const;
      const ended = await runCommand(command, { cwd: checkout, env: hostEnv(env) });
      return { ended, answers: parseAnswers(ended) };
    }

    const find = (answers: readonly Answer[], call: string) => answers.find((answer) => answer.call === call);

    it('S02, S03: is started, answers to a ping, and what it prints comes after the handshake', async () => {
      const { ended, answers } = await ask(['ping', 'questions print', 'questions a'], ['-level', 'debug']);
      expect(find(answers, 'start')).toMatchObject({ value: 1 });
      expect(find(answers, 'ping')).not.toHaveProperty('error');
      expect(printedIn(answers)).toContain('hello host\n');
      expect(ended.stderr).toContain('printed while loading');
      expect(ended.stderr).toContain('printed after serving');
    });

    it('S05, S06: speaks TLS with a host that wants it', async () => {
      const { answers } = await ask(['ping', 'questions a'], ['-mtls']);
      expect(find(answers, 'start')).toMatchObject({ value: 1 });
      expect(find(answers, 'questions a')).toMatchObject({ value: [{ Name: 'Q', Prompt: 'a' }] });
    });

    it('S06: does not claim to multiplex when the environment asks for it', async () => {
      const { answers } = await ask(['questions a'], ['-mtls'], { PLUGIN_MULTIPLEX_GRPC: 'false' });
      expect(find(answers, 'questions a')).not.toHaveProperty('error');
    });

    it('S07: ends when it is told to, before it has to be killed, and takes its socket along', async () => {
      const { ended, answers } = await ask(['questions a', 'kill']);
      expect(find(answers, 'kill')).toMatchObject({ value: true });
      expect(ended.stderr).not.toContain('plugin failed to exit gracefully');
      expect(readdirSync(stage.path).filter((name) => /^plugin\d+/.test(name))).toEqual([]);
    });

    it('S09: ends by itself when the host is killed', async () => {
      const child = spawn(host, [plugin, 'info', 'wait'], {
        env: hostEnv(),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      children.push(child);
      const lines = createInterface(child.stdout);
      for await (const line of lines) if (line.includes('"info"')) break;
      const sockets = () => readdirSync(stage.path).filter((name) => /^plugin\d+/.test(name));
      expect(sockets()).toHaveLength(1);
      child.kill('SIGKILL');
      await vi.waitFor(() => expect(sockets()).toEqual([]), { timeout: 10_000 });
    });

    it('S10: its log lines reach the host’s log with level and fields', async () => {
      const { ended } = await ask(['questions log']);
      const lines = ended.stderr
        .split('\n')
        .filter((line) => line.includes('"at '))
        .map((line) => JSON.parse(line));
      expect(lines.map((line) => `${line['@level']} ${line['@message']}`)).toEqual([
        'info at info',
        'warn at warn',
        'error at error',
      ]);
      expect(lines[0]).toMatchObject({ job: 'a' });
    });

    it('S11: errors arrive with their text and their code, and it goes on', async () => {
      const { answers } = await ask([
        'questions throw',
        'questions reject',
        'questions status',
        'questions a',
      ]);
      expect(find(answers, 'questions throw')).toMatchObject({ error: 'dataset not found', code: 'Unknown' });
      expect(find(answers, 'questions reject')).toMatchObject({ error: 'table not found', code: 'Unknown' });
      expect(find(answers, 'questions status')).toMatchObject({ error: 'bad date', code: 'InvalidArgument' });
      expect(find(answers, 'questions a')).not.toHaveProperty('error');
    });

    it('S12: takes 20 MB and gives them back', async () => {
      const { answers } = await ask(['compile 20000000']);
      expect(find(answers, 'compile 20000000')).toMatchObject({ value: 20_000_000 });
    });

    it('S13: answers of nothing are empty, not absent', async () => {
      const { answers } = await ask(['config', 'assets', 'compile 0']);
      for (const call of ['config', 'assets', 'compile 0'])
        expect(find(answers, call)).not.toHaveProperty('error');
    });

    it.each([
      ['', []],
      ['cli', ['cli']],
      ['resolver', ['resolver']],
      ['cli,resolver', ['cli', 'resolver']],
    ])('S14: with the mods "%s" serves these and no other, under both names', async (SAMPLE_MODS, served) => {
      for (const dialect of ['2021', '2022']) {
        const calls = ['info', 'validate Q=x', 'destination p:d.t', 'dependencies x'];
        const { answers } = await ask(calls, ['-dialect', dialect], { SAMPLE_MODS });
        const codes = calls.map((call) => find(answers, call)?.code ?? 'served');
        const cli = served.includes('cli') ? 'served' : 'Unimplemented';
        const resolver = served.includes('resolver') ? 'served' : 'Unimplemented';
        expect(codes).toEqual(['served', cli, resolver, resolver]);
      }
    });

    it('S15: answers 200 calls at once, and a megabyte of print blocks nothing', async () => {
      const { answers } = await ask(['questions megabyte', 'flood']);
      expect(find(answers, 'flood')).toMatchObject({ value: 200 });
    });
  });
});
