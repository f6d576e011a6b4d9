import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCuttingProxy } from '../testing/cutting-proxy.ts';
import { installNeoPlugin } from '../testing/neo-plugin.ts';
import { type RunOptions, runOptimus } from '../testing/run-optimus.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { writeFiles } from '../testing/temporary-folder.ts';

const TOKEN = 'a-token-that-only-this-test-knows';
const JOB = 'is_last_day';
const SECRET = '"the value nobody sees"';

let cwd: string;
let server: ServerProcess;

async function optimus(args: readonly string[], options: Partial<RunOptions> = {}) {
  return runOptimus(args, { cwd, env: { OPTIMUS_AUTH_BEARER_TOKEN: TOKEN }, ...options });
}

async function optimusJson(...args: readonly string[]): Promise<unknown> {
  const { stdout, stderr, code } = await optimus([...args, '--output', 'json']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
}

const TASK_PROGRAM =
  'console.log("start", process.env.RANGE_START); console.error("end", process.env.RANGE_END)';

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'optimus-journey-'));
  const plugins = await installNeoPlugin(cwd);
  const images = { 'optimus-task-neo-executor': [process.execPath, '-e', TASK_PROGRAM] };
  const config = { plugin: { dirs: [plugins] }, executor: { process: { images } }, log: { level: 'warn' } };
  await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
  const flags = ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml'];
  server = await startServer(cwd, flags, { OPTIMUS_SERVE_AUTH_TOKENS: TOKEN });
  const project = ['--project-name', 'neo', '--namespace', 'team_a', '--namespace', 'team_b'];
  await optimus(['init', '--host', server.address, ...project]);
  const who = ['--name', JOB, '--owner', 'kush', '--task', 'neo', '--namespace', 'team_a'];
  const when = ['--start-date', '2022-09-18', '--end-date', '2022-09-20'];
  const answers = ['--answer', 'Start={{.DSTART | Date}}', '--answer', 'End={{.DEND}}'];
  await optimus(['job', 'create', ...who, ...when, ...answers, '--plugin-dir', plugins]);
});

afterAll(async () => {
  await server.stop();
  await rm(cwd, { recursive: true, force: true });
});

describe('identification', () => {
  it('is asked for, with the way to give it', async () => {
    const { code, stderr } = await optimus(['project', 'list'], { env: {} });
    expect(code).toBe(1);
    expect(stderr).toContain('→');
    expect(stderr.toLowerCase()).toContain('token');
  });

  it('may be a basic token, or stand in the address', async () => {
    const basic = { env: { OPTIMUS_AUTH_BASIC_TOKEN: `user:${TOKEN}` } };
    expect(await optimus(['project', 'list'], basic)).toMatchObject({ code: 0 });
    const host = `user:${TOKEN}@${server.address}`;
    expect(await optimus(['project', 'list', '--host', host], { env: {} })).toMatchObject({ code: 0 });
  });

  it('is not shown when it is wrong', async () => {
    const { stderr } = await optimus(['project', 'list'], {
      env: { OPTIMUS_AUTH_BEARER_TOKEN: 'wrong-one' },
    });
    expect(stderr).not.toContain('wrong-one');
  });
});

describe('a deployment', () => {
  it('fails as a whole on the first bad file, before anything is sent', async () => {
    const file = 'team_b/jobs/bad/job.yaml';
    await writeFiles(cwd, { [file]: 'version: 1\nnaem: x\n' });
    const { code, stdout, stderr } = await optimus(['deploy']);
    await rm(path.join(cwd, 'team_b/jobs/bad'), { recursive: true });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${file}:2:1 unknown key "naem", did you mean "name"?`);
    expect(await optimusJson('project', 'list')).toEqual([]);
  });

  it('registers, deploys, and finds nothing to do the second time', async () => {
    const registered = 'registered project neo and namespaces team_a, team_b\n';
    const first = await optimus(['deploy']);
    expect(first.stderr).toMatch(
      /^Warning: team_a\/jobs\/is_last_day\/job\.yaml:16:17 names the secret "neo_api_key", .*\n$/,
    );
    expect(first.stdout).toContain(registered);
    expect(first.stdout).toContain('[team_a] are deployed successfully: 1 created, 0 changed, 0 unchanged');
    const second = await optimus(['deploy', '-N', 'team_a']);
    expect(second.stdout).toContain('0 created, 0 changed, 1 unchanged, 0 deleted');
    expect(second.stdout).not.toContain('[team_b]');
  });

  it('says which job the server refuses, in which file, and changes nothing', async () => {
    const good = await readFile(path.join(cwd, `team_a/jobs/${JOB}/job.yaml`), 'utf8');
    const bad = good.replace(JOB, 'other').replace('name: neo', 'name: noe');
    await writeFiles(cwd, { 'team_a/jobs/other/job.yaml': bad });
    const deployed = await optimus(['deploy']);
    const checked = await optimus(['job', 'validate']);
    await rm(path.join(cwd, 'team_a/jobs/other'), { recursive: true });
    for (const { code, stderr } of [deployed, checked]) {
      expect(code).toBe(1);
      expect(stderr).toContain('task.name "noe" is no task plugin of the server');
      expect(stderr).toContain('did you mean "neo"?');
    }
    expect(deployed.stderr).toMatch(/team_a\/jobs\/other\/job\.yaml:\d+:\d+ task\.name/);
    expect(await optimusJson('job', 'list')).toHaveLength(1);
  });

  it('can be checked before', async () => {
    const { code, stdout } = await optimus(['job', 'validate', '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 job file is good\n');
    expect(stdout).toContain('the server finds no problem\n');
  });
});

describe('projects, namespaces and jobs', () => {
  it('are listed and shown as the server has them', async () => {
    expect(await optimusJson('project', 'describe')).toEqual({ name: 'neo', config: {} });
    expect(await optimusJson('namespace', 'describe', '--name', 'team_b')).toMatchObject({ name: 'team_b' });
    expect(await optimusJson('namespace', 'list')).toEqual([
      { name: 'team_a', isLocal: true, isRegistered: true },
      { name: 'team_b', isLocal: true, isRegistered: true },
    ]);
    expect(await optimusJson('job', 'list', '-n', 'team_a')).toEqual([
      expect.objectContaining({ job: JOB, namespace: 'team_a', task: 'neo', interval: '0 2 * * *' }),
    ]);
    const { stdout } = await optimus(['job', 'show', JOB]);
    expect(stdout).toBe(await readFile(path.join(cwd, `team_a/jobs/${JOB}/job.yaml`), 'utf8'));
  });

  it('are looked for by name with a suggestion', async () => {
    const { code, stderr } = await optimus(['job', 'runs', 'is_last_dya']);
    expect(code).toBe(1);
    expect(stderr).toContain(`did you mean "${JOB}"?`);
  });

  it('tell the version of the server', async () => {
    const { stdout } = await optimus(['version', '--with-server']);
    expect(stdout).toMatch(/^Client: \S+\nServer: \S+ \(.*\)\n$/);
  });
});

describe('secrets', () => {
  it('of which the name makes one a plugin’s are said to be so', async () => {
    const set = await optimus(['secret', 'set', 'task_token', SECRET]);
    expect(set).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('only the task plugin token gets it'),
    });
    expect(await optimus(['secret', 'delete', 'task_token', '--confirm'])).toMatchObject({ code: 0 });
  });

  it('are set from an argument, a file, stdin and base64, and never shown', async () => {
    await writeFile(path.join(cwd, 'key.txt'), SECRET);
    const base64 = Buffer.from(SECRET).toString('base64');
    expect(await optimus(['secret', 'set', 'by_argument', SECRET])).toMatchObject({ code: 0 });
    expect(await optimus(['secret', 'set', 'by_file', '--file', 'key.txt'])).toMatchObject({ code: 0 });
    const short = await optimus(['secret', 'set', 'short', 'abc']);
    expect(short).toMatchObject({ code: 0, stderr: expect.stringContaining('not masked') });
    expect(await optimus(['secret', 'set', 'neo_api_key', '-'], { input: SECRET })).toMatchObject({
      code: 0,
    });
    expect(await optimus(['secret', 'set', 'b64', base64, '--base64', '-n', 'team_a'])).toMatchObject({
      code: 0,
    });
    const { stdout } = await optimus(['secret', 'list']);
    expect(stdout).toMatch(/^NAME +DIGEST +NAMESPACE +DATE\n/);
    expect(stdout).toMatch(/b64 +\S+ +team_a /);
    expect(stdout).not.toContain('nobody sees');
  });

  it('are replaced only on purpose', async () => {
    const refused = await optimus(['secret', 'set', 'by_file', 'x']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('give it with --confirm');
    expect(await optimus(['secret', 'set', 'by_file', 'x', '--confirm'])).toMatchObject({ code: 0 });
    expect(await optimus(['secret', 'set', 'by_file', 'y', '--update-only'])).toMatchObject({ code: 0 });
    expect(await optimus(['secret', 'set', 'unknown', 'y', '--update-only'])).toMatchObject({ code: 1 });
  });

  it('are refused when they are empty, not base64, or reserved', async () => {
    expect(await optimus(['secret', 'set', 'a', '!', '--base64'])).toMatchObject({ code: 2 });
    expect(await optimus(['secret', 'set', 'a', ''])).toMatchObject({ code: 1 });
    expect(await optimus(['secret', 'set', '_OPTIMUS_a', 'x'])).toMatchObject({ code: 1 });
  });

  it('are deleted after a yes', async () => {
    expect(await optimus(['secret', 'delete', 'by_argument'])).toMatchObject({ code: 2 });
    expect(await optimus(['secret', 'delete', 'by_argument', '--confirm'])).toMatchObject({ code: 0 });
    expect(await optimus(['secret', 'delete', 'by_argument', '--confirm'])).toMatchObject({ code: 1 });
  });
});

describe('the context of a run', () => {
  const which = ['--type', 'TYPE_TASK', '--name', 'neo', '--scheduled-at', '2022-09-19T02:00:00Z'];
  const readIn = (folder: string, name: string) => readFile(path.join(cwd, folder, 'in', name), 'utf8');

  it.each([
    ['admin build instance', ['admin', 'build', 'instance', JOB, '--project', 'neo']],
    ['job run-input', ['job', 'run-input', JOB]],
  ])('is written by %s, readable by its owner alone', async (name, words) => {
    const folder = name.replaceAll(' ', '_');
    const { code, stderr } = await optimus([...words, ...which, '--output-dir', folder]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readIn(folder, '.env')).toContain("RANGE_START='2022-09-18'\n");
    expect(await readIn(folder, '.secret')).toBe(`SECRET_KEY='${SECRET}'\n`);
    expect((await stat(path.join(cwd, folder, 'in/.secret'))).mode & 0o777).toBe(0o600);
  });

  it('names what has no value', async () => {
    await optimus(['secret', 'delete', 'neo_api_key', '--confirm']);
    const { stderr } = await optimus(['job', 'run-input', JOB, ...which, '--output-dir', 'empty']);
    expect(stderr).toMatch(
      /^Warning: task.neo.config.SECRET_KEY:.* has no value and was written as "<no value>"/m,
    );
  });

  it('is refused for a task that the job has not', async () => {
    const wrong = ['--name', 'noe', '--scheduled-at', '2022-09-19T02:00:00Z'];
    const { code, stderr } = await optimus(['job', 'run-input', JOB, ...wrong]);
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "neo"?');
  });
});

describe('runs', () => {
  it('are listed with their windows when they have ended', { timeout: 60_000 }, async () => {
    await vi.waitFor(
      async () => expect(await optimusJson('job', 'runs', JOB, '--state', 'success')).toHaveLength(2),
      { timeout: 30_000, interval: 500 },
    );
    const newest = await optimus(['job', 'list-runs', JOB, '--limit', '1', '--output', 'json']);
    expect(JSON.parse(newest.stdout)).toEqual([
      expect.objectContaining({
        scheduledAt: '2022-09-20T02:00:00Z',
        windowStart: '2022-09-19T00:00:00Z',
        windowEnd: '2022-09-20T00:00:00Z',
        state: 'success',
        attempts: 1,
        durationMs: expect.any(Number),
      }),
    ]);
    expect(await optimusJson('job', 'runs', JOB, '--until', '2022-09-20')).toHaveLength(1);
  });

  it.each([
    ['job runs', `job ${JOB} has older runs`, ['job', 'runs', JOB]],
    ['run list', 'there are older runs', ['run', 'list']],
  ])('are said by %s to be more than it shows', async (_, thereAre, command) => {
    const { stderr } = await optimus([...command, '--limit', '1']);
    expect(stderr).toBe(`${thereAre}; see them with: --limit 10\n`);
    expect(await optimus([...command, '--limit', '2'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('have logs: of the newest run, or of the one that is named', async () => {
    const newest = await optimus(['job', 'logs', JOB, '--follow']);
    expect(newest).toMatchObject({ code: 0 });
    expect(newest.stdout).toContain('start 2022-09-19\n');
    expect(newest.stdout).toContain('end 2022-09-20T00:00:00Z\n');
    const first = await optimus([
      'job',
      'logs',
      JOB,
      '--scheduled-at',
      '2022-09-19T02:00:00Z',
      '--attempt',
      '1',
    ]);
    expect(first.stdout).toContain('start 2022-09-18\n');
    expect(await optimus(['job', 'logs', JOB, '--attempt', '9'])).toMatchObject({ code: 1 });
  });

  it('is started by hand, once more than its schedule says', async () => {
    const { code, stdout } = await optimus(['job', 'run', JOB]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`job ${JOB} is started`)]);
    expect(await optimusJson('job', 'runs', JOB)).toHaveLength(3);
    expect((await optimus(['job', 'logs', JOB, '--follow'])).code).toBe(0);
  });
});

describe('a connection that breaks', () => {
  it('is made again for a call that changes nothing', async () => {
    const proxy = await startCuttingProxy(server.address, 2);
    const { code, stdout } = await optimus(['project', 'list', '--host', proxy.address]);
    expect(stdout).toContain('neo');
    expect({ code, calls: proxy.calls() }).toEqual({ code: 0, calls: 3 });
  });

  it('is not made again for a call that changes something', async () => {
    const proxy = await startCuttingProxy(server.address, 1);
    const { code, stderr } = await optimus(['secret', 'set', 'once', 'x', '--host', proxy.address]);
    expect({ code, calls: proxy.calls() }).toEqual({ code: 1, calls: 1 });
    expect(stderr).toContain(`check that the server at ${proxy.address} is running`);
  });

  it('that never says a word is given up', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await optimus(['project', 'list', '--host', `127.0.0.1:${port}`]);
    silent.close();
    expect(code).toBe(1);
    expect(stderr).toContain('does not answer');
  });
});

describe('deleting', () => {
  it('takes a job away after a yes', async () => {
    expect(await optimus(['job', 'delete', JOB])).toMatchObject({ code: 2 });
    expect(await optimus(['job', 'delete', JOB, '--confirm'])).toMatchObject({ code: 0 });
    expect(await optimusJson('job', 'list')).toEqual([]);
    const { stderr } = await optimus(['job', 'delete', JOB, '--confirm']);
    expect(stderr).toContain('is not deployed');
  });
});

describe('the server', () => {
  it('ends in order when it is told to', async () => {
    expect(await server.stop()).toBe(0);
    const { code, stderr } = await optimus(['project', 'list']);
    expect(code).toBe(1);
    expect(stderr).toContain('start a server with: optimus serve');
  });
});
