import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { verifyPlugin } from '@optimus/plugin-host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobAddress, listRuns, readLog } from '../../examples/neo/demo/runs-api.ts';
import { toPluginFileName } from '../interop/go-plugin/plugin-stage.ts';
import { mustRun } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { checkout } from './stage/stage-folder.ts';
import { waitUntil } from './stage/wait-until.ts';

const pluginDir = path.join(checkout, 'apps/cli/dist/.optimus/plugins');
const tick = '2022-09-19T02:00:00Z';
const hasPython = spawnSync('python3', ['--version']).status === 0;
/** What a shell would carry out if it were ever asked to evaluate it. */
const token = `$(touch /tmp/canary) '"; \`id\``;

it.each(['shell', 'python', 'http-pre', 'http-post', 'http-fail', 'neo'])(
  'the bundled plugin %s keeps the contract',
  async (name) => {
    const report = await verifyPlugin(path.join(pluginDir, toPluginFileName(name)));
    expect(report).toMatchObject({ name, isConforming: true });
    expect(report.cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  },
);

describe('jobs of the bundled plugins', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
    await stage.configure({});
    await stage.startServer();
    const host = `127.0.0.1:${stage.port}`;
    await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
    await mustRun(stage, ['project', 'register', '--with-namespaces']);
    await mustRun(stage, ['secret', 'set', 'token', '-'], token);
    await createJob('by-shell', 'shell');
    await createJob('by-bash', 'shell', ['Script=load.bash', 'Interpreter=bash']);
    await createJob('by-python', 'python');
    await addConfig('by-shell', 'TOKEN: "{{.secret.token}}"');
    await writeAsset('by-shell', 'script.sh', 'echo "day {{.DSTART}}"; printf %s "$TOKEN" | sha256sum\n');
    await writeAsset(
      'by-bash',
      'load.bash',
      'set -e\nwords=(one two)\necho "${words[1]}"\nfalse\necho never\n',
    );
    await mustRun(stage, ['deploy']);
  });

  afterAll(() => stage.clear());

  function createJob(name: string, task: string, answers: readonly string[] = []): Promise<string> {
    const flags = ['--dir', name, '--name', name, '--owner', 'kush.sharma@example.io', '--task', task];
    const dates = ['--start-date', '2022-09-18', '--end-date', '2022-09-19', '--interval', '0 2 * * *'];
    const given = answers.flatMap((answer) => ['--answer', answer]);
    return mustRun(stage, ['job', 'create', ...flags, ...dates, '--window', 'daily', '--catch-up', ...given]);
  }

  const folderOf = (job: string) => path.join(stage.repository, 'observatory/jobs', job);

  const writeAsset = (job: string, name: string, content: string) =>
    writeFile(path.join(folderOf(job), 'assets', name), content);

  async function addConfig(job: string, line: string): Promise<void> {
    const file = path.join(folderOf(job), 'job.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/^( *)SCRIPT:.*$/m, (found, indent) => `${found}\n${indent}${line}`),
    );
  }

  const addressOf = (job: string): JobAddress => ({ host: `127.0.0.1:${stage.port}`, project: 'space', job });

  async function awaitEnd(job: string): Promise<{ readonly state: string; readonly log: string }> {
    let state = '';
    await waitUntil(`the run of ${job} has ended`, async () => {
      const [run] = await listRuns(addressOf(job), AbortSignal.timeout(60_000));
      state = run?.state ?? '';
      return state === 'success' || state === 'failed';
    });
    return { state, log: await readLog(addressOf(job), tick, AbortSignal.timeout(60_000)) };
  }

  it('a script sees its window in macros, and a secret that nothing has evaluated', async () => {
    const { state, log } = await awaitEnd('by-shell');
    // The log hides the secret itself.
    const digest = createHash('sha256').update(token).digest('hex');
    expect(log).toBe(`day 2022-09-18T00:00:00Z\n${digest}  -\n`);
    expect(state).toBe('success');
  });

  it('a script under another name and interpreter fails its run by its exit code', async () => {
    const { state, log } = await awaitEnd('by-bash');
    expect(log).toBe('two\n');
    expect(state).toBe('failed');
  });

  it.skipIf(!hasPython)(
    `the program of a new job runs as it is${hasPython ? '' : ' (skipped: there is no python3)'}`,
    async () => {
      const { state, log } = await awaitEnd('by-python');
      expect(log).toBe('from 2022-09-18T00:00:00Z to 2022-09-19T00:00:00Z\n');
      expect(state).toBe('success');
    },
  );
});
