import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startTestPlugin } from '@optimus/plugin-sdk/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { python } from './plugin.ts';

const executor = fileURLToPath(new URL('../executor/run.sh', import.meta.url));
const hasPython = succeeds('--version');
const hasVenv = hasPython && succeeds('-m', 'ensurepip', '--version');
let jobDir: string;

function succeeds(...args: readonly string[]): boolean {
  return spawnSync('python3', args).status === 0;
}

beforeEach(async () => {
  jobDir = await mkdtemp(path.join(tmpdir(), 'optimus-python-'));
  await mkdir(path.join(jobDir, 'in'));
});

afterEach(() => rm(jobDir, { recursive: true }));

function addAsset(name: string, content: string): Promise<void> {
  return writeFile(path.join(jobDir, 'in', name), content, { mode: 0o600 });
}

function start(env: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  return spawn(executor, [], {
    env: { PATH, HOME, JOB_DIR: jobDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ReturnType<typeof start>) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, signal, stdout, stderr };
}

describe.skipIf(!hasPython)(`with Python${hasPython ? '' : ' (skipped: there is no python3)'}`, () => {
  test('runs the program of a new job, and installs nothing for it', async () => {
    const plugin = await startTestPlugin(python);
    const assets = await plugin.defaultAssets({});
    const config = await plugin.defaultConfig({});
    await plugin.stop();
    for (const [name, content] of Object.entries(assets)) await addAsset(name, content);
    expect(await finish(start({ ...config, DSTART: '2022-09-18', DEND: '2022-09-19' }))).toEqual({
      code: 0,
      signal: null,
      stdout: 'from 2022-09-18 to 2022-09-19\n',
      stderr: '',
    });
    expect(existsSync(path.join(jobDir, 'venv'))).toBe(false);
  });

  test('imports from the other assets, and reads them', async () => {
    await addAsset('rules.py', 'factor = 6');
    await addAsset('number.txt', '7');
    await addAsset('main.py', 'import rules\nprint(rules.factor * int(open("number.txt").read()))');
    expect(await finish(start())).toMatchObject({ code: 0, stdout: '42\n' });
  });

  test('passes on what is printed when it is printed, the exit code and standard error', async () => {
    await addAsset('main.py', 'import sys\nprint("first")\nsys.stdin.read()\nsys.exit("gave up")');
    expect(await finish(start())).toMatchObject({ code: 1, stdout: 'first\n', stderr: 'gave up\n' });
  });

  test('a signal reaches the program itself', async () => {
    const lines = [
      'import signal, sys',
      'signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))',
      'print("ready")',
      'signal.pause()',
    ];
    await addAsset('main.py', lines.join('\n'));
    const child = start();
    const ready = once(child.stdout, 'data');
    const finished = finish(child);
    await ready;
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 7, signal: null });
  });
});

describe.skipIf(!hasVenv)(
  `requirements.txt${hasVenv ? '' : ' (skipped: there is no python3 with venv)'}`,
  () => {
    test('says which requirement cannot be installed, and does not start the program', async () => {
      await addAsset('requirements.txt', '--no-index\nno-such-package==1.0\n');
      await addAsset('main.py', 'print("started")');
      const { code, stdout, stderr } = await finish(start());
      expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
      expect(stderr).toMatch(
        /no-such-package==1\.0[^]*python: what requirements\.txt lists cannot be installed/,
      );
    }, 120_000);

    test('is installed for this run, and for no other', async () => {
      const wheel = await makeWheel();
      await addAsset('requirements.txt', `# ours\n--no-index\ngreeting @ file://${wheel}\n`);
      await addAsset('main.py', 'import greeting\nprint(greeting.text, greeting.__file__)');
      const { code, stdout } = await finish(start());
      expect(code).toBe(0);
      expect(stdout).toContain(`hello ${path.join(jobDir, 'venv')}`);
      expect(spawnSync('python3', ['-c', 'import greeting']).status).not.toBe(0);
    }, 120_000);
  },
);

/** A package in the form that needs neither a build nor an index. */
async function makeWheel(): Promise<string> {
  const info = 'greeting-1.0.dist-info';
  const folder = path.join(jobDir, 'package');
  await mkdir(path.join(folder, info), { recursive: true });
  const files = {
    'greeting.py': 'text = "hello"\n',
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  const wheel = path.join(folder, 'greeting-1.0-py3-none-any.whl');
  spawnSync('python3', ['-m', 'zipfile', '-c', wheel, 'greeting.py', info], { cwd: folder });
  return wheel;
}

describe('refuses with one line', () => {
  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a program that is no asset', { SCRIPT: 'other.py' }, /the job has no asset "other\.py": add it/],
    ['a way out of the assets', { SCRIPT: '../main.py' }, /lies outside of the job's assets/],
    ['a Python that is not there', { PYTHON: 'python9' }, /no program "python9" here: install Python 3/],
    ['a Python with arguments', { PYTHON: 'python3 -i' }, /no program "python3 -i" here/],
    ['an option for a Python', { PYTHON: '-c' }, /PYTHON is "-c", which is no program/],
    ['being run by hand', { JOB_DIR: '' }, /JOB_DIR is not set/],
  ])('%s', async (_, env, message) => {
    await addAsset('main.py', 'print("no")');
    const { code, stdout, stderr } = await finish(start(env));
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('a machine without Python', async () => {
    await addAsset('main.py', 'print("no")');
    const bin = path.join(jobDir, 'bin');
    await mkdir(bin);
    await symlink('/bin/sh', path.join(bin, 'sh'));
    expect(await finish(start({ PATH: bin }))).toMatchObject({
      code: 127,
      stderr:
        'python: there is no program "python3" here: install Python 3, or give the name of another one in PYTHON\n',
    });
  });
});
