import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../program.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { installNeoPlugin } from '../testing/neo-plugin.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { writeFiles } from '../testing/temporary-folder.ts';

const TICK = '2023-12-01T03:00:00Z';
const SECRET = 'a-value-that-nobody-sees';

let cwd: string;
let plugins: string;
let server: ServerProcess;

const base = captureTerminal();

/** In this process: the commands are many, and what they have in common is the server. */
async function optimus(...args: readonly string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const code = await runProgram(args, {
    ...base,
    cwd,
    env: { ...base.env, OPTIMUS_PLUGIN_DIRS: plugins },
    print: (line) => void stdout.push(`${line}\n`),
    note: (line) => void stderr.push(`${line}\n`),
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function must(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await optimus(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function mustJson(...args: readonly string[]) {
  return JSON.parse(await must(...args, '--output', 'json'));
}

function toJob(preset: string): string {
  return `version: 3
name: asteroids
owner: kush
schedule:
  start_date: 2023-11-30
  end_date: 2023-12-01
  interval: 0 3 * * *
behavior:
  catch_up: true
task:
  name: neo
  config:
    RANGE_START: "{{.DSTART}}"
    DAY: "{{.START_DATE}} in {{.GLOBAL__PLACE}}"
    KEY: "Bearer {{.secret.api_key}}"
  window:
    preset: "${preset}"
`;
}

function toPresets(size: string): string {
  return `presets:
  yesterday:
    description: the day before, up to the hour
    window: { size: ${size}, shift_by: -1d, truncate_to: h, location: Asia/Jakarta }
  month:
    description: the month before
    window: { size: 1M }
`;
}

const JOB_FILE = 'team_a/jobs/asteroids/job.yaml';

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'optimus-windows-'));
  plugins = await installNeoPlugin(cwd);
  const images = { 'optimus-task-neo-executor': '/bin/true' };
  const config = { plugin: { dirs: [plugins] }, executor: { process: { images } }, log: { level: 'warn' } };
  await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
  server = await startServer(cwd, ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml']);
  await writeFiles(cwd, {
    'optimus.yaml': `version: 1
host: ${server.address}
project: { name: neo, config: { PLACE: space }, preset_path: presets.yaml }
namespaces: [{ name: team_a, job: { path: team_a/jobs } }]
`,
    'presets.yaml': toPresets('1d'),
    [JOB_FILE]: toJob('@Yesterday'),
    'team_a/jobs/asteroids/assets/query.sql': "select '{{.DEND}}' -- {{.secret.api_key | upper}}\n",
  });
});

afterAll(async () => {
  await server.stop();
  await rm(cwd, { recursive: true, force: true });
});

describe('a project with presets', () => {
  it('tells what its registration did to them, and shows them as their file has them', async () => {
    expect(await must('project', 'register', '--with-namespaces')).toContain(
      'presets created: month, yesterday\n',
    );
    expect(await mustJson('project', 'describe')).toMatchObject({
      presets: {
        month: { description: 'the month before', window: { size: '1M' } },
        yesterday: { window: { size: '1d', shift_by: '-1d', truncate_to: 'h', location: 'Asia/Jakarta' } },
      },
    });
    await must('secret', 'set', 'api_key', SECRET);
    expect(await must('project', 'register')).toBe('project neo is registered\n');
  });

  it('plans runs with them, and hands on times by the clock of their zone', async () => {
    await must('deploy');
    await vi.waitFor(
      async () => expect(await mustJson('job', 'runs', 'asteroids')).toMatchObject([{ state: 'success' }]),
      { timeout: 30_000, interval: 200 },
    );
    await must(
      'job',
      'run-input',
      'asteroids',
      '--name',
      'neo',
      '--scheduled-at',
      TICK,
      '--output-dir',
      'before',
    );
    const env = await readFile(path.join(cwd, 'before/in/.env'), 'utf8');
    expect(env).toContain("DSTART='2023-11-29T10:00:00+07:00'\n");
    expect(env).toContain("DAY='2023-11-29 in space'\n");
  });

  it('leaves the window of a run as it was planned when a preset changes', async () => {
    await writeFile(path.join(cwd, 'presets.yaml'), toPresets('2d'));
    expect(await must('project', 'register')).toContain('presets changed: yesterday\n');
    await must(
      'job',
      'run-input',
      'asteroids',
      '--name',
      'neo',
      '--scheduled-at',
      TICK,
      '--output-dir',
      'after',
    );
    const env = await readFile(path.join(cwd, 'after/in/.env'), 'utf8');
    expect(env).toContain("DSTART='2023-11-29T10:00:00+07:00'\n");
  });

  it('keeps a preset that a deployed job names', async () => {
    await writeFile(path.join(cwd, 'presets.yaml'), 'presets: {}\n');
    const said = await must('project', 'register');
    expect(said).toContain('presets deleted: month\n');
    expect(said).toContain('preset yesterday is kept: job asteroids names it\n');
    await writeFile(path.join(cwd, 'presets.yaml'), toPresets('1d'));
    await must('project', 'register');
  });

  it('refuses a job that names none of them, here and on the server', async () => {
    await writeFile(path.join(cwd, JOB_FILE), toJob('yesterdya'));
    const { code, stderr } = await optimus('deploy');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'window preset "yesterdya" is not found within project "neo", did you mean "yesterday"?',
    );
    await writeFile(path.join(cwd, JOB_FILE), toJob('yesterday'));
    const spec = { version: 3, name: 'other', owner: 'kush', startDate: '2023-11-30', taskName: 'neo' };
    const answer = await fetch(`http://${server.address}/api/v1beta1/project/neo/namespace/team_a/job`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ spec: { ...spec, window: { preset: 'yesterdya' } } }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      String.raw`window preset \"yesterdya\" is not found within project \"neo\"`,
    );
  });
});

describe.each([
  ['of this folder', []],
  ['as it is deployed', ['--server']],
])('a job %s', (_, flags) => {
  it('shows its windows in UTC and by the clock of their zone', async () => {
    expect(await mustJson('job', 'window', 'asteroids', '--scheduled-at', TICK, ...flags)).toEqual([
      {
        scheduledAt: TICK,
        start: '2023-11-29T03:00:00Z',
        end: '2023-11-30T03:00:00Z',
        location: 'Asia/Jakarta',
        localStart: '2023-11-29T10:00:00+07:00',
        localEnd: '2023-11-30T10:00:00+07:00',
      },
    ]);
  });

  it('shows what a run would see, and no secret', async () => {
    const rendered = await mustJson('job', 'render', 'asteroids', '--scheduled-at', TICK, ...flags);
    expect(rendered).toMatchObject({
      job: 'asteroids',
      scheduledAt: TICK,
      windowEnd: '2023-11-30T03:00:00Z',
    });
    expect(rendered.instances).toMatchObject([
      {
        type: 'task',
        name: 'neo',
        envs: { RANGE_START: '2023-11-29T10:00:00+07:00', DAY: '2023-11-29 in space' },
        secrets: { KEY: 'Bearer *****' },
        files: { 'query.sql': "select '2023-11-30T10:00:00+07:00' -- *****\n" },
      },
    ]);
  });
});

describe('rendering', () => {
  it('writes the files of a run into a folder', async () => {
    const said = await must('job', 'render', 'asteroids', '--scheduled-at', TICK);
    expect(said).toContain('wrote 3 files to render/asteroids\n');
    const read = (name: string) => readFile(path.join(cwd, 'render/asteroids', name), 'utf8');
    expect(await read('.secret')).toBe("KEY='Bearer *****'\n");
    expect(await read('.env')).toContain("RANGE_START='2023-11-29T10:00:00+07:00'\n");
    expect(await read('query.sql')).toContain('2023-11-30T10:00:00+07:00');
  });

  it("compiles a job that is not deployed with the server's configuration", async () => {
    const text = toJob('yesterday').replace('name: asteroids', 'name: comets');
    await writeFiles(cwd, { 'team_a/jobs/comets/job.yaml': text });
    const render = ['job', 'render', 'comets', '--scheduled-at', TICK, '--server'];
    expect(await mustJson(...render, '--undeployed')).toMatchObject({
      job: 'comets',
      instances: [{ envs: { DAY: '2023-11-29 in space' }, secrets: { KEY: 'Bearer *****' } }],
    });
    const { code, stderr } = await optimus(...render);
    expect(code).toBe(1);
    expect(stderr).toContain('job "comets" is not deployed in project "neo"');
  });

  it('asks for a tick when there is no next run, and for a job when none is named', async () => {
    const { stderr } = await optimus('job', 'render', 'asteroids');
    expect(stderr).toContain('the schedule of job "asteroids" is over');
    expect((await optimus('job', 'window', 'asteroids')).stderr).toContain('has a schedule that is over');
    expect((await optimus('job', 'render')).stderr).toContain('no job is named');
  });
});

describe('GET /api/v1beta1/window', () => {
  it.each([
    ['size=24h&offset=0&truncate_to=d', '2023-11-30T00:00:00Z', '2023-12-01T00:00:00Z'],
    ['size=1M&offset=0&truncate_to=M&version=2', '2023-11-01T00:00:00Z', '2023-12-01T00:00:00Z'],
    ['size=1d&location=Asia%2FJakarta&version=3', '2023-11-29T17:00:00Z', '2023-11-30T17:00:00Z'],
  ])('with %s answers %s to %s', async (query, start, end) => {
    const url = `http://${server.address}/api/v1beta1/window?scheduled_at=${TICK}&${query}`;
    expect(await (await fetch(url)).json()).toEqual({ start, end });
  });
});
