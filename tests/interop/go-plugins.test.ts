import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ChannelCredentials, Client, credentials, status } from '@grpc/grpc-js';
import type { PluginAnswer, PluginEntry } from '@optimus/domain';
import type { PluginHost } from '@optimus/plugin-host';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGoPrograms } from './go-plugin/go-programs.ts';
import { PluginStage, toPluginFileName } from './go-plugin/plugin-stage.ts';

const build = await buildGoPrograms();
const programs = 'programs' in build ? build.programs : [];
const why = 'missing' in build ? ` (skipped: there is no ${build.missing})` : '';
const patience = { timeout: 10_000 };

const question: PluginAnswer['question'] = {
  name: 'Table',
  prompt: '',
  help: '',
  default: '',
  choices: [],
  subQuestions: [],
};
const compileRequest = {
  config: [],
  assets: [{ name: 'query.sql', value: 'select 1' }],
  window: { size: '24h', offset: '0', truncateTo: 'd' },
  interval: { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-01-02T00:00:00Z') },
  scheduledAt: new Date('2026-01-02T02:00:00Z'),
};
const resolveRequest = {
  config: [{ name: 'TABLE', value: 'p:d.t' }],
  assets: [{ name: 'a.sql', value: '' }],
  project: { name: 'space', config: {} },
};

let stage: PluginStage;

beforeEach(() => {
  stage = new PluginStage();
});

afterEach(() => stage[Symbol.asyncDispose]());

async function askOf(host: PluginHost, job: string): Promise<string> {
  const [asked] = await host.getQuestions('task', 'sample', job);
  return asked?.prompt ?? '';
}

async function readReason(host: PluginHost): Promise<string> {
  const [entry]: readonly (PluginEntry | undefined)[] = await host.list();
  return entry?.state === 'failed' ? entry.reason : `state ${entry?.state}`;
}

/** The status that a stranger's call ends with. */
function knock(target: string, credential: ChannelCredentials): Promise<status | undefined> {
  const client = new Client(target, credential);
  const nothing = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + 5000 };
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      nothing,
      nothing,
      Buffer.alloc(0),
      options,
      (error) => {
        client.close();
        resolve(error?.code);
      },
    );
  });
}

const isGone = (pid: number) => !existsSync(`/proc/${pid}`);

describe.skipIf(programs.length === 0)(`hosting plugins in Go${why}`, () => {
  describe.each(programs)('built with go-plugin $version', ({ plugin }) => {
    it('H01: understands its handshake and what it says of itself', async () => {
      stage.addProgram(plugin);
      expect(await stage.createHost().find('task', 'sample')).toMatchObject({
        name: 'sample',
        kind: 'task',
        version: '0.1.0',
        mods: ['cli', 'dependencyresolver'],
      });
    });

    it('H03: gives it what it needs and nothing that another host or the server left', async () => {
      stage.addProgram(plugin);
      const env = {
        ...process.env,
        PLUGIN_CLIENT_CERT: 'garbage',
        PLUGIN_MULTIPLEX_GRPC: 'true',
        OPTIMUS_SERVE_APP_KEY: 'k',
      };
      const seen: string[] = JSON.parse(await askOf(stage.createHost({ env }), 'env'));
      const names = seen.map((entry) => entry.split('=')[0]);
      expect(names).toEqual(expect.arrayContaining(['OP_PLUGIN_MAGIC_COOKIE', 'PLUGIN_MIN_PORT']));
      expect(seen).toContain('PLUGIN_PROTOCOL_VERSIONS=1');
      expect(names).not.toContain('PLUGIN_CLIENT_CERT');
      expect(names).not.toContain('PLUGIN_MULTIPLEX_GRPC');
      expect(names).not.toContain('OPTIMUS_SERVE_APP_KEY');
    });

    it('H04: says that a plugin with another cookie belongs to another program', async () => {
      stage.addProgram(plugin, { COOKIE: 'of-another-program' });
      expect(await readReason(stage.createHost())).toContain(
        'refused to start: it belongs to another program',
      );
    });

    it('H05: says which protocol version a plugin speaks', async () => {
      stage.addProgram(plugin, { APP_VERSION: '9' });
      expect(await readReason(stage.createHost())).toContain(
        'speaks plugin protocol 9, this host supports 1',
      );
    });

    it('H11: works when the temporary folder is too long for a socket, or holds a |', async () => {
      stage.addProgram(plugin);
      for (const TMPDIR of [`/tmp/${'x'.repeat(120)}`, '/tmp/a|b']) {
        const host = stage.createHost({ env: { ...process.env, TMPDIR } });
        expect(await host.find('task', 'sample')).toBeDefined();
      }
    });

    it('H12: reads all that it prints within a call, in order', async () => {
      stage.addProgram(plugin);
      await askOf(stage.createHost(), 'print');
      const printed = () => stage.lines.filter(({ fields }) => fields['stream'] === 'stdout');
      await vi.waitFor(() => expect(printed()).toHaveLength(3000), patience);
      const numbers = printed().map(({ message }) => Number(message.split(' ')[0]));
      expect(numbers).toEqual(Array.from({ length: 3000 }, (_, line) => line));
    });

    it('H14: forwards its log lines with their level and fields', async () => {
      stage.addProgram(plugin);
      await askOf(stage.createHost(), 'log');
      const find = (message: string) => stage.lines.find((line) => line.message === message);
      await vi.waitFor(() => expect(find('at error')).toBeDefined(), patience);
      const levels = ['trace', 'debug', 'info', 'warn', 'error'].map((level) => find(`at ${level}`)?.level);
      expect(levels).toEqual(['debug', 'debug', 'info', 'warn', 'error']);
      expect(find('at info')?.fields).toMatchObject({
        plugin: 'sample',
        module: 'sample',
        job: 'a',
        error: 'as text',
      });
    });

    it.each([
      ['error', { code: 'PLUGIN_REFUSED', message: expect.stringMatching(/: dataset not found$/) }],
      ['status', { code: 'PLUGIN_REFUSED', message: expect.stringMatching(/: bad date$/) }],
      [
        'panic',
        {
          code: 'PLUGIN_CRASHED',
          message: expect.stringMatching(/\(exit code 2\)\n.*\npanic: .*nil pointer/),
        },
      ],
      ['exit', { code: 'PLUGIN_CRASHED', message: expect.stringContaining('(exit code 7)') }],
    ])('H15: tells how a call ended in "%s"', async (job, error) => {
      stage.addProgram(plugin);
      await expect(askOf(stage.createHost(), job)).rejects.toMatchObject(error);
    });

    it('H15, H16: a plugin killed within a call is started again, in a folder of its own', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost();
      const pid = Number(await askOf(host, 'pid'));
      const asleep = askOf(host, 'sleep 300ms');
      process.kill(pid, 'SIGKILL');
      const next = Number(await asleep);
      expect(next).not.toBe(pid);
      const folderOf = async () => /TMPDIR=([^"]+)/.exec(await askOf(host, 'env'))?.[1] ?? '';
      expect(path.basename(await folderOf())).toBe('2');
      expect(existsSync(path.join(path.dirname(await folderOf()), '1'))).toBe(false);
    });

    it('H17: refuses 5 MiB before the call and takes 20 MB in an answer', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost();
      const big = { name: 'big.sql', value: 'x'.repeat(5 * 1024 * 1024) };
      await expect(
        host.compileAssets('task', 'sample', { ...compileRequest, assets: [big] }),
      ).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', message: expect.stringContaining('5.0 MiB') });
      const config = [{ name: 'SIZE', value: '20000000' }];
      const [seen] = await host.compileAssets('task', 'sample', { ...compileRequest, config });
      expect(seen?.value).toHaveLength(20_000_000);
    });

    it('H18: a long call on an idle connection succeeds', async () => {
      stage.addProgram(plugin);
      await expect(askOf(stage.createHost(), 'sleep 8s')).resolves.toMatch(/^\d+$/);
    });

    it('H19: a call past its deadline fails alone', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost({ timeouts: { askMs: 1_000 } });
      const pid = await askOf(host, 'pid');
      await expect(askOf(host, 'sleep 30s')).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' });
      expect(await askOf(host, 'pid')).toBe(pid);
    });

    it('H20: ends it before it has to be killed, and leaves no file', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost();
      const pid = Number(await askOf(host, 'pid'));
      const folder = /TMPDIR=([^"]+)/.exec(await askOf(host, 'env'))?.[1] ?? '';
      await host.stop();
      expect(isGone(pid)).toBe(true);
      expect(existsSync(path.dirname(folder))).toBe(false);
      expect(stage.lines.map(({ message }) => message)).not.toContain('had to be killed');
    });

    it('H23: speaks TLS with it when told to, and only with itself', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost({ autoMtls: true });
      const folder = /TMPDIR=([^"]+)/.exec(await askOf(host, 'env'))?.[1] ?? '';
      const [socket = ''] = readdirSync(folder).filter((name) => name.startsWith('plugin'));
      const target = `unix:${path.join(folder, socket)}`;
      expect(await knock(target, credentials.createInsecure())).toBe(status.UNAVAILABLE);
      expect(
        await knock(target, credentials.createSsl(null, null, null, { rejectUnauthorized: false })),
      ).toBe(status.UNAVAILABLE);
    });

    it('H25: runs no part of a program that was cut off', async () => {
      const canary = path.join(stage.path, 'canary');
      const cut = Buffer.concat([readFileSync(plugin).subarray(0, 60), Buffer.from(`\ntouch '${canary}'\n`)]);
      writeFileSync(path.join(stage.path, toPluginFileName('cut')), cut, { mode: 0o755 });
      expect(await readReason(stage.createHost())).toContain('is not a program this system can run');
      expect(existsSync(canary)).toBe(false);
    });

    it('H26: follows a link to it', async () => {
      symlinkSync(plugin, path.join(stage.path, toPluginFileName('sample')));
      expect(await stage.createHost().find('task', 'sample')).toBeDefined();
    });

    it.each(['2021', '2022'])('H29: makes every call under the names of %s', async (DIALECT) => {
      stage.addProgram(plugin, { DIALECT });
      const host = stage.createHost();
      expect(await askOf(host, 'pid')).toMatch(/^\d+$/);
      expect(await host.getDefaultAssets('task', 'sample', [])).toHaveLength(1);
      expect(await host.findDestination('task', 'sample', resolveRequest)).toBe('bigquery://p:d.t');
    });

    it.each(['resolver', 'raystack', 'goto'])(
      'H29: resolves and compiles with one of the %s kind, which a file describes',
      async (DIALECT) => {
        stage.addProgram(plugin, { DIALECT });
        writeFileSync(
          path.join(stage.path, 'optimus-plugin-sample.yaml'),
          'name: sample\nplugintype: task\npluginversion: 1.0.0\nimage: i:1\nquestions: [{ name: Q }]\n',
          { mode: 0o644 },
        );
        const host = stage.createHost();
        expect(await host.find('task', 'sample')).toMatchObject({ image: 'i:1' });
        expect(await host.getQuestions('task', 'sample', 'job')).toMatchObject([{ name: 'Q' }]);
        expect(await host.findDestination('task', 'sample', resolveRequest)).toBe('bigquery://p:d.t');
        const seen =
          DIALECT === 'resolver'
            ? 'truncate d, size 86400, data 2, dry run false, assets 1'
            : 'from 1767225600 to 1767312000, DSTART env, DEND env, assets 1';
        expect(await host.compileAssets('task', 'sample', compileRequest)).toEqual([
          { name: 'seen', value: seen },
        ]);
      },
    );

    it('H29: says that one which tells but its name needs a file beside it', async () => {
      stage.addProgram(plugin, { DIALECT: 'raystack' });
      expect(await readReason(stage.createHost())).toContain('put optimus-plugin-sample.yaml beside it');
    });

    it('H29: says which services a plugin has that speaks none of our protocols', async () => {
      stage.addProgram(plugin, { DIALECT: 'unheard-of' });
      expect(await readReason(stage.createHost())).toMatch(
        /no known Optimus plugin API \(it serves .*GRPCStdio/,
      );
    });

    it('H30: sends every message that its handlers read unchecked', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost();
      const answers = [{ question, value: 'x' }];
      expect(await host.findAnswerProblem('task', 'sample', { question, value: '' })).toBe(
        'Table is empty (dry run: false)',
      );
      expect(await host.getDefaultConfig('task', 'sample', answers)).toEqual([
        { name: 'DRY_RUN', value: 'false' },
        { name: 'Table', value: 'x' },
      ]);
      expect(await host.getDefaultAssets('task', 'sample', answers)).toHaveLength(1);
      expect(await host.compileAssets('task', 'sample', compileRequest)).toEqual([
        { name: 'seen', value: 'truncate d, size 86400, data 2, dry run false, assets 1' },
      ]);
      expect(await host.listDependencies('task', 'sample', resolveRequest)).toEqual([
        'bigquery://a.sql (dry run: false)',
      ]);
    });

    it('H30: answers a hundred calls at once from one process', async () => {
      stage.addProgram(plugin);
      const host = stage.createHost();
      const pids = await Promise.all(Array.from({ length: 100 }, () => askOf(host, 'pid')));
      expect(new Set(pids).size).toBe(1);
    });

    it('H30: says that a declared mod is not served, and passes over one unheard of', async () => {
      stage.addProgram(plugin, { DECLARES: 'cli,unknown', SERVES: 'resolver' });
      const host = stage.createHost();
      expect(await host.find('task', 'sample')).toMatchObject({ mods: ['cli'] });
      await expect(askOf(host, 'pid')).rejects.toMatchObject({
        message: expect.stringContaining('declares "cli" but does not serve it'),
      });
    });
  });
});

it('H-cases leave no socket folder behind', () => {
  const left = readdirSync('/tmp').filter((name) => name.startsWith(`optimus-plugins-${process.pid}-`));
  expect(left).toEqual([]);
});
