import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './stage/stage.ts';

let stage: Stage;

/** Three jobs in a line and one apart. */
const JOBS = { raw: [], mart: ['raw'], report: ['mart'], apart: [] } as const;
const LINE = ['mart', 'raw', 'report'];

const PLUGIN = `version: 2
name: copy
plugin_versions: { default: { image: example/copy, tag: v1, entrypoint: { script: "true" } } }
`;

const toYaml = (name: string, upstreams: readonly string[]) => `version: 2
name: ${name}
owner: ada@example.com
schedule: { start_date: "2090-01-01", interval: "0 2 * * *" }
task:
  name: copy
  window: { size: 24h, offset: "0", truncate_to: d }
labels: { line: "${name === 'apart' ? 'no' : 'yes'}" }
dependencies: ${JSON.stringify(upstreams.map((job) => ({ job })))}
`;

beforeAll(async () => {
  stage = await setStage();
  const plugins = path.join(stage.folder, 'plugins');
  await mkdir(plugins);
  await writeFile(path.join(plugins, 'optimus-plugin-copy.yaml'), PLUGIN);
  await stage.configure({ images: { 'example/copy': ['/bin/true'] } });
  const { address: host } = await stage.startServer({ OPTIMUS_PLUGIN_DIRS: plugins });
  const config = {
    version: 1,
    host,
    project: { name: 'lake' },
    namespaces: [{ name: 'sky', job: { path: 'sky' } }],
  };
  await writeFile(
    path.join(stage.repository, 'optimus.yaml'),
    JSON.stringify({ ...config, plugin: { dirs: [plugins] } }),
  );
  for (const [name, upstreams] of Object.entries(JOBS)) {
    const folder = path.join(stage.repository, 'sky', name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'job.yaml'), toYaml(name, upstreams));
  }
  await stage.optimus(['deploy']);
});

afterAll(() => stage.clear());

const optimus = (...args: readonly string[]) => stage.optimus(args);
const sortLines = (text: string) => text.trimEnd().split('\n').toSorted();

describe('a command that changes something', () => {
  it.each([
    ['pause', 'is paused'],
    ['resume', 'is resumed'],
    ['disable', 'is paused'],
    ['enable', 'is resumed'],
  ])('%s does it to each job that is selected, and tells of each', async (verb, done) => {
    const { code, stdout } = await optimus('job', verb, '--select', 'raw+');
    expect({ code, lines: sortLines(stdout) }).toEqual({
      code: 0,
      lines: LINE.map((job) => `job ${job} ${done}`),
    });
  });

  it('tries every job, says what went wrong with which, and ends with 1', async () => {
    const { code, stdout, stderr } = await optimus('job', 'cancel', '--select', 'tag:line=yes');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const job of LINE) expect(stderr).toContain(`${job}: job "${job}" has no run`);
    expect(stderr).toContain('cannot cancel a run of 3 of 3 jobs');
  });

  it('starts the jobs of this folder, marks and reruns their runs', async () => {
    const started = await optimus('job', 'run', '--select', 'apart raw');
    expect(started.code, started.stderr).toBe(0);
    expect(sortLines(started.stdout)).toMatchObject(
      [/^job apart is started/, /^job raw is started/].map((line) => expect.stringMatching(line)),
    );
    const marked = await optimus('job', 'mark', '--select', 'apart raw', '--as', 'failed');
    expect(marked.code, marked.stderr).toBe(0);
    expect(marked.stdout).toContain('of job apart is marked as failed');
    const listed = await optimus('run', 'list', '--select', 'apart', '--output', 'json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ job: 'apart', state: 'failed' }]);
    const failed = await optimus('job', 'list', '--select', 'state:failed', '--output', 'json');
    expect(JSON.parse(failed.stdout)).toMatchObject([{ job: 'apart' }, { job: 'raw' }]);
    const again = await optimus('job', 'rerun', '--select', 'state:failed');
    expect({ code: again.code, lines: sortLines(again.stdout) }).toMatchObject({
      code: 0,
      lines: [/apart runs again$/, /raw runs again$/].map((line) => expect.stringMatching(line)),
    });
  });

  it('refuses a selector that means nothing, and one beside a name', async () => {
    const nothing = await optimus('job', 'pause', '--select', 'tag:line=maybe');
    expect(nothing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the selector means no deployed job'),
    });
    const both = await optimus('job', 'pause', 'raw', '--select', 'mart');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('is given beside the job raw') });
  });
});

describe('a command that shows something', () => {
  it.each([
    ['inspect', []],
    ['window', ['--scheduled-at', '2090-01-03T02:00:00Z']],
    ['window', ['--server', '--scheduled-at', '2090-01-03T02:00:00Z']],
    ['history', []],
    ['runs', []],
    ['render', ['--scheduled-at', '2090-01-03T02:00:00Z']],
    ['render', ['--server', '--scheduled-at', '2090-01-03T02:00:00Z']],
  ])('%s %j shows each job that is selected under its name', async (verb, flags) => {
    const { code, stdout, stderr } = await optimus('job', verb, '--select', 'raw+1', ...flags);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.startsWith('# job'))).toEqual([
      '# job mart',
      '# job raw',
    ]);
  });

  it('shows specifications as one stream of YAML documents', async () => {
    const { stdout } = await optimus('job', 'show', '--select', 'raw+1');
    expect(stdout).toMatch(/^---\n# job mart\n[^]*name: mart\n[^]*\n---\n# job raw\n[^]*name: raw\n/);
  });

  it('resolves anew those that are selected', async () => {
    expect((await optimus('job', 'refresh', '--select', '+mart')).stdout).toContain(
      '2 jobs are resolved anew',
    );
  });
});

describe('deleting', () => {
  it('is refused as a whole while a job outside of the selection needs one within', async () => {
    const { code, stderr } = await optimus('job', 'delete', '--select', '+mart', '--confirm');
    expect(code).toBe(1);
    expect(stderr).toContain('mart: ');
    expect(stderr).toContain('nothing is deleted');
    expect(JSON.parse((await optimus('job', 'list', '-o', 'json')).stdout)).toHaveLength(4);
  });

  it('is never done without a yes', async () => {
    expect(await optimus('job', 'delete', '--select', 'raw+')).toMatchObject({ code: 2 });
  });

  it('takes jobs that need each other in one change', async () => {
    const { code, stdout } = await optimus('job', 'delete', '--select', 'raw+', '--yes');
    expect({ code, lines: sortLines(stdout) }).toEqual({
      code: 0,
      lines: LINE.map((job) => `job ${job} is deleted`),
    });
  });
});
