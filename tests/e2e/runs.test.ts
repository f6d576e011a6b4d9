import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

// Hooks, waiting and stepping in, by the command line alone: as a team would see it.

const TICK = '2022-09-19T02:00:00Z';
const HOOKS = { check: 'pre', audit: 'post', alarm: 'fail' };
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  const plugins = path.join(stage.folder, 'plugins');
  await mkdir(plugins);
  for (const [name, type] of Object.entries(HOOKS))
    await writePlugin(plugins, name, `hook\nhooktype: ${type}`);
  await writePlugin(plugins, 'script', 'task');
  await stage.configure({ images: { 'example/script': ['/bin/sh', '-c', 'eval "$SCRIPT"'] } });
  await stage.startServer({ OPTIMUS_PLUGIN_DIRS: plugins });
  const host = `127.0.0.1:${stage.port}`;
  await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
  await mustRun(stage, ['project', 'register', '--with-namespaces']);
  await writeJob('good', { hooks: ['alarm', 'audit', 'check'] });
  await writeJob('bad', { script: 'exit 3', hooks: ['alarm', 'audit', 'check'] });
  await writeJob('downstream', { dependency: 'bad' });
  await writeJob('endless', { script: 'while :; do sleep 0.1; done' });
  await mustRun(stage, ['deploy']);
}, 60_000);

afterAll(() => stage.clear());

async function writePlugin(folder: string, name: string, type: string): Promise<void> {
  const head = `name: ${name}\ndescription: runs a script\nplugintype: ${type}\npluginversion: 1.0.0\n`;
  const file = path.join(folder, `optimus-plugin-${name}.yaml`);
  await writeFile(file, `${head}image: example/script:1.0.0\n`);
  await chmod(file, 0o644);
}

interface JobParts {
  readonly script?: string;
  readonly hooks?: readonly string[];
  readonly dependency?: string;
}

async function writeJob(name: string, { script = 'true', hooks = [], dependency }: JobParts): Promise<void> {
  const folder = path.join(stage.repository, 'observatory/jobs', name);
  const job = {
    version: 1,
    name,
    owner: 'ada@example.io',
    schedule: { start_date: '2022-09-18', end_date: '2022-09-19', interval: '0 2 * * *' },
    behavior: { catch_up: true },
    task: {
      name: 'script',
      config: { SCRIPT: script },
      window: { size: '24h', offset: '0', truncate_to: 'd' },
    },
    hooks: hooks.map((hook) => ({ name: hook, config: { SCRIPT: 'echo "$INSTANCE_TYPE $INSTANCE_NAME"' } })),
    dependencies: dependency === undefined ? [] : [{ job: dependency }],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'job.yaml'), JSON.stringify(job));
}

interface ShownRun {
  readonly state: string;
  readonly message: string;
  readonly instances: readonly {
    readonly instance: string;
    readonly role: string;
    readonly state: string;
    readonly attempts: number;
  }[];
  readonly waitsFor: readonly unknown[];
}

async function show(job: string): Promise<ShownRun> {
  return JSON.parse(
    await mustRun(stage, ['run', 'show', job, '--scheduled-at', TICK, '--output', 'json']),
  ) as ShownRun;
}

async function waitForState(job: string, state: string): Promise<ShownRun> {
  let run: ShownRun | undefined;
  await waitUntil(`the run of ${job} is in state ${state}`, async () => {
    const { stdout } = await stage.optimus(['run', 'show', job, '--scheduled-at', TICK, '--output', 'json']);
    run = stdout === '' ? undefined : (JSON.parse(stdout) as ShownRun);
    return run?.state === state;
  });
  return run ?? show(job);
}

function toStates({ instances }: ShownRun): readonly string[] {
  return instances.map(({ instance, role, state }) => `${role} ${instance} ${state}`);
}

describe('the hooks of a run', () => {
  it('run around its task, and are shown with it', async () => {
    const run = await waitForState('good', 'success');
    expect(toStates(run)).toEqual([
      'pre check success',
      'task script success',
      'post audit success',
      'fail alarm skipped',
    ]);
    const listed = await mustRun(stage, ['job', 'runs', 'good', '--instances']);
    expect(listed).toMatch(/check +pre +success/);
    const log = await mustRun(stage, ['job', 'logs', 'good', '--instance', 'audit']);
    expect(log).toBe('hook audit\n');
  });

  it('that are for failures run when the task fails', async () => {
    const run = await waitForState('bad', 'failed');
    expect(toStates(run)).toEqual([
      'pre check success',
      'task script failed',
      'post audit skipped',
      'fail alarm success',
    ]);
    expect(run.message).toBe('exited with code 3');
  });
});

describe('a run that waits', () => {
  it('says why in one sentence, the same over the command line and REST, and a program reads the cause', async () => {
    await waitForState('bad', 'failed');
    await waitForState('downstream', 'wait_upstream');
    const sentence = `downstream at ${TICK} waits for bad at ${TICK}, which failed: task script exited with code 3.`;
    const said = await mustRun(stage, ['job', 'why', 'downstream']);
    expect(said.split('\n')[0]).toBe(sentence);
    expect(said).toContain(`optimus job rerun bad --scheduled-at ${TICK}`);
    const address = `/api/v1/project/space/job/downstream/why?scheduled_at=${TICK}`;
    const answer = await fetch(`http://127.0.0.1:${stage.port}${address}`);
    expect(await answer.json()).toMatchObject({
      sentence,
      verdict: 'waiting',
      cause: 'upstream',
      root: { jobName: 'bad', cause: 'exit_code' },
    });
    const document = await mustRun(stage, ['job', 'why', 'downstream', '--output', 'json']);
    expect(JSON.parse(document)).toMatchObject({ sentence, root: { job: 'bad', scheduledAt: TICK } });
  });

  it('says for what, and begins when that is marked as a success', async () => {
    await waitForState('bad', 'failed');
    const waiting = await waitForState('downstream', 'wait_upstream');
    expect(waiting.waitsFor).toEqual([{ job: 'space/bad', scheduledAt: TICK, state: 'failed' }]);
    await mustRun(stage, ['job', 'mark', 'bad', '--reason', 'mended by hand']);
    expect((await waitForState('downstream', 'success')).waitsFor).toEqual([]);
    expect((await show('bad')).message).toBe('mended by hand; exited with code 3');
  });
});

describe('a run that does not end', () => {
  it('is ended when it is canceled, and runs again when it is told to', async () => {
    await waitForState('endless', 'running');
    await mustRun(stage, ['job', 'cancel', 'endless', '--reason', 'too long']);
    expect(await show('endless')).toMatchObject({
      state: 'canceled',
      message: expect.stringMatching(/^too long/),
    });
    await waitUntil(
      'its attempt has ended',
      async () => (await stage.optimus(['job', 'rerun', 'endless'])).code === 0,
    );
    await waitForState('endless', 'running');
    expect(await mustRun(stage, ['run', 'list', '--state', 'running'])).toMatch(/^endless /m);
    await mustRun(stage, ['job', 'cancel', 'endless']);
  });
});

describe('a paused job', () => {
  it('begins no run until it is resumed', async () => {
    await mustRun(stage, ['job', 'pause', 'good']);
    const said = await mustRun(stage, ['job', 'run', 'good']);
    expect(said).toBe('job good is paused: its new run waits until: optimus job resume good\n');
    const newest = async () => {
      const [run] = JSON.parse(
        await mustRun(stage, ['job', 'runs', 'good', '--limit', '1', '--output', 'json']),
      ) as readonly { readonly state: string }[];
      return run?.state;
    };
    expect(await newest()).toBe('queued');
    await mustRun(stage, ['job', 'resume', 'good']);
    await waitUntil('the run has ended', async () => (await newest()) === 'success');
  });
});
