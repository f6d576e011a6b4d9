import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIMUS_YAML, toJobYaml } from '../../testing/job-files.ts';
import { installNeoPlugin } from '../../testing/neo-plugin.ts';
import { runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';

async function createProject() {
  const cwd = await createTemporaryFolder();
  await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML });
  const plugins = await installNeoPlugin(cwd);
  const create = (args: readonly string[], words: readonly string[] = ['job', 'create']) =>
    runOptimus([...words, ...args], { cwd, env: { OPTIMUS_PLUGIN_DIRS: plugins } });
  const readJob = (folder: string) => readFile(path.join(cwd, 'team_a/jobs', folder, 'job.yaml'), 'utf8');
  return { cwd, plugins, create, readJob };
}

const WHO = ['--name', 'is_last_day', '--owner', 'kush', '--task', 'neo', '--start-date', '2022-09-18'];
const ANSWERS = ['--answer', 'Start={{.DSTART}}', '--answer', 'End={{.DEND}}'];

describe('job create', () => {
  it('writes the job that the flags and the plugin describe', async () => {
    const { create, readJob } = await createProject();
    const more = ['--end-date', '2022-09-25', '--retries', '2', '--retry-delay', '5m', '--no-catch-up'];
    const { code, stdout, stderr } = await create([...WHO, ...ANSWERS, ...more]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'job created successfully is_last_day\n',
      stderr: '',
    });
    expect(await readJob('is_last_day')).toBe(`version: 1
name: is_last_day
owner: kush
schedule:
  start_date: 2022-09-18
  end_date: 2022-09-25
  interval: 0 2 * * *
behavior:
  depends_on_past: false
  catch_up: false
  retry:
    count: 2
    delay: 5m
    exponential_backoff: false
task:
  name: neo
  config:
    RANGE_START: "{{.DSTART}}"
    RANGE_END: "{{.DEND}}"
    SECRET_KEY: "{{.secret.neo_api_key}}"
  window:
    size: 24h
    offset: "0"
    truncate_to: d
labels:
  orchestrator: optimus
dependencies: []
hooks: []
`);
  });

  it('is create job as well, takes answers by the key they become, and a folder of its own', async () => {
    const { create, readJob } = await createProject();
    const answers = ['--answer', 'RANGE_START=a=b', '--answer', 'End=c'];
    const { code } = await create([...WHO, ...answers, '--dir', 'daily/neo'], ['create', 'job']);
    expect(code).toBe(0);
    expect(await readJob('daily/neo')).toContain('RANGE_START: a=b\n    RANGE_END: c\n');
  });

  it.each([
    ['monthly', 'size: 720h\n    offset: "0"\n    truncate_to: M'],
    ['hourly', 'size: 1h\n    offset: "0"\n    truncate_to: h'],
  ])('writes a %s window', async (window, text) => {
    const { create, readJob } = await createProject();
    await create([...WHO, ...ANSWERS, '--window', window]);
    expect(await readJob('is_last_day')).toContain(text);
  });
});

describe('job create refuses', () => {
  it.each([
    [
      'an answer the plugin refuses',
      ['--answer', 'Start=', '--answer', 'End=x'],
      "'Start=': not a valid string",
    ],
    ['a missing answer', ['--answer', 'Start=x'], "give it with --answer 'End=<value>'"],
    ['an answer nobody asked for', [...ANSWERS, '--answer', 'Strat=x'], 'did you mean "Start"?'],
    ['an answer without a name', ['--answer', 'x'], 'must be name=value'],
    ['an interval that is none', [...ANSWERS, '--interval', '99 * * * *'], '--interval is "99 * * * *"'],
    ['a date that is none', [...ANSWERS, '--end-date', '2022-13-01'], '--end-date is "2022-13-01"'],
    ['a folder outside', [...ANSWERS, '--dir', '../x'], 'it must lie below'],
    ['a folder no job is looked for in', [...ANSWERS, '--dir', 'a/assets'], 'are passed over'],
    ['a task that is not installed', [...ANSWERS, '--task', 'noe'], 'must be one of neo'],
    ['a namespace that is not there', [...ANSWERS, '-n', 'team_b'], 'did you mean "team_a"?'],
  ])('%s, naming the flag, and writes nothing', async (_what, args, said) => {
    const { create, readJob } = await createProject();
    const { code, stderr } = await create([...WHO, ...args]);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
    await expect(readJob('is_last_day')).rejects.toThrow('ENOENT');
  });

  it('a name that another job of the project has', async () => {
    const { cwd, create } = await createProject();
    await writeFiles(cwd, { 'team_a/jobs/x/job.yaml': toJobYaml('is_last_day') });
    const { code, stderr } = await create([...WHO, ...ANSWERS]);
    expect(stderr).toContain('team_a/jobs/x/job.yaml has this name already');
    expect(code).toBe(2);
  });

  it('to overwrite a job', async () => {
    const { cwd, create, readJob } = await createProject();
    await writeFiles(cwd, { 'team_a/jobs/is_last_day/job.yaml': toJobYaml('other') });
    expect(await create([...WHO, ...ANSWERS])).toMatchObject({ code: 2 });
    expect(await readJob('is_last_day')).toBe(toJobYaml('other'));
  });

  it('to go on without a plugin, and says where one belongs', async () => {
    const { cwd } = await createProject();
    const home = path.join(cwd, 'home');
    await mkdir(home);
    const { code, stderr } = await runOptimus(['job', 'create', ...WHO], { cwd, env: { HOME: home } });
    expect(stderr).toContain('no task plugin is installed on this machine');
    expect(code).toBe(1);
  });
});

describe('plugin list', () => {
  it('lists what runs, and what does not with the reason', async () => {
    const { cwd, plugins } = await createProject();
    const broken = path.join(
      plugins,
      `optimus-broken_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`,
    );
    await writeFiles('/', { [broken]: 'not a program' });
    const { stdout } = await runOptimus(['plugin', 'list', '--plugin-dir', plugins, '-o', 'json'], { cwd });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ path: broken, problem: expect.stringMatching(/.+/) }),
      expect.objectContaining({ name: 'neo', kind: 'task', problem: '' }),
    ]);
  });
});
