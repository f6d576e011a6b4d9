import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startTestPlugin } from '@optimus/plugin-sdk/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shell } from './plugin.ts';

const executor = fileURLToPath(new URL('../executor/run.sh', import.meta.url));
let jobDir: string;

beforeEach(async () => {
  jobDir = await mkdtemp(path.join(tmpdir(), 'optimus-shell-'));
  await mkdir(path.join(jobDir, 'in'));
});

afterEach(() => rm(jobDir, { recursive: true }));

function start(env: NodeJS.ProcessEnv = {}) {
  const { PATH } = process.env;
  return spawn(executor, [], { env: { PATH, JOB_DIR: jobDir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(script: string, env: NodeJS.ProcessEnv = {}) {
  await writeFile(path.join(jobDir, 'in', env['SCRIPT'] ?? 'script.sh'), script, { mode: 0o600 });
  return finish(start(env));
}

async function finish(child: ReturnType<typeof start>) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, signal, stdout, stderr };
}

test('runs the script of a new job', async () => {
  const plugin = await startTestPlugin(shell);
  const { 'script.sh': script = '' } = await plugin.defaultAssets({});
  const config = await plugin.defaultConfig({});
  await plugin.stop();
  expect(await run(script, { ...config, DSTART: '2022-09-18', DEND: '2022-09-19' })).toMatchObject({
    code: 0,
    stdout: 'from 2022-09-18 to 2022-09-19\n',
    stderr: '',
  });
});

test('passes on output, standard error and the exit code', async () => {
  expect(await run('echo out; echo err >&2; exit 42')).toEqual({
    code: 42,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('a signal reaches the script itself', async () => {
  const script = `trap 'echo asked to end; exit 7' TERM; echo ready; while :; do sleep 0.05; done`;
  await writeFile(path.join(jobDir, 'in/script.sh'), script);
  const child = start();
  const ready = once(child.stdout, 'data');
  const finished = finish(child);
  await ready;
  child.kill('SIGTERM');
  expect(await finished).toMatchObject({ code: 7, signal: null, stdout: 'ready\nasked to end\n' });
});

test('a script that is killed by a signal is seen as killed by it', async () => {
  expect(await run('kill -KILL $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('is not strict unless the script says so', async () => {
  const body = 'false\necho "${NOT_SET}still here"';
  expect(await run(body)).toMatchObject({ code: 0, stdout: 'still here\n' });
  expect(await run(`set -eu\n${body}`)).toMatchObject({ code: 1, stdout: '' });
});

test('finds other assets in its working directory', async () => {
  await writeFile(path.join(jobDir, 'in/query.sql'), 'select 1');
  expect(await run('cat query.sql; echo; echo "$0"')).toMatchObject({ stdout: 'select 1\n./script.sh\n' });
});

test('is run by the interpreter that is asked for', async () => {
  expect(
    await run('words=(a b); echo "${words[1]}"', { INTERPRETER: 'bash', SCRIPT: 'words.bash' }),
  ).toMatchObject({
    code: 0,
    stdout: 'b\n',
  });
});

describe('no value of the configuration is ever a command', () => {
  test.each([
    '$(touch canary)',
    '`touch canary`',
    "'; touch canary; '",
    '"; touch canary; "',
    'a\ntouch canary',
    '\\$(touch canary)',
  ])('%j', async (value) => {
    const config = { VALUE: value, NOTE: value, script: value, IFS: '/' };
    expect(await run('printf %s "$VALUE$script"', config)).toMatchObject({
      code: 0,
      stdout: `${value}${value}`,
    });
    const asInterpreter = await run('true', { INTERPRETER: value });
    expect(asInterpreter).toMatchObject({ code: 127 });
    expect(await finish(start({ SCRIPT: value }))).toMatchObject({ code: 127 });
    expect(existsSync(path.join(jobDir, 'in/canary'))).toBe(false);
    expect(existsSync('canary')).toBe(false);
  });
});

describe('refuses with one line', () => {
  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a script that is no asset', { SCRIPT: 'other.sh' }, /the job has no asset "other\.sh": add it/],
    ['a folder', { SCRIPT: '.' }, /the job has no asset "\."/],
    ['a way out of the assets', { SCRIPT: '../secret.sh' }, /lies outside of the job's assets/],
    ['an absolute path', { SCRIPT: '/bin/true' }, /lies outside of the job's assets/],
    ['an interpreter that is not there', { INTERPRETER: 'fish-of-old' }, /no program "fish-of-old" here/],
    ['an interpreter with arguments', { INTERPRETER: 'sh -x' }, /no program "sh -x" here.*without arguments/],
    ['an option for an interpreter', { INTERPRETER: '-c' }, /INTERPRETER is "-c", which is no program/],
    ['being run by hand', { JOB_DIR: '' }, /JOB_DIR is not set/],
  ])('%s', async (_, env, message) => {
    await writeFile(path.join(jobDir, 'in/script.sh'), 'echo no');
    const { code, stdout, stderr } = await finish(start(env));
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
