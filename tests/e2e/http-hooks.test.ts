import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../examples/neo/demo/runs-api.ts';
import { mustRun } from './stage/neo-week.ts';
import { type RecordingService, startRecordingService } from './stage/recorded-calls.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

const moments = ['pre', 'post', 'fail'] as const;

describe('a job with the hooks that call a URL', () => {
  let stage: Stage;
  let service: RecordingService;

  beforeAll(async () => {
    [stage, service] = await Promise.all([setStage(), startRecordingService()]);
    await stage.configure({});
    await stage.startServer();
    const host = `127.0.0.1:${stage.port}`;
    await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
    await mustRun(stage, ['project', 'register', '--with-namespaces']);
    await mustRun(stage, ['secret', 'set', 'web_token', '-'], 's3cret-token');
    await createJob('well', 'true\n');
    await createJob('badly', 'exit 3\n');
    await mustRun(stage, ['deploy']);
  });

  afterAll(async () => {
    service.stop();
    await stage.clear();
  });

  async function createJob(name: string, script: string): Promise<void> {
    const flags = ['--dir', name, '--name', name, '--owner', 'kush.sharma@example.io', '--task', 'shell'];
    const dates = ['--start-date', '2022-09-18', '--end-date', '2022-09-19', '--interval', '0 2 * * *'];
    await mustRun(stage, ['job', 'create', ...flags, ...dates, '--window', 'daily', '--catch-up']);
    const folder = path.join(stage.repository, 'observatory/jobs', name);
    await writeFile(path.join(folder, 'assets/script.sh'), script);
    const file = path.join(folder, 'job.yaml');
    const hooks = moments.map((moment) => toHook(name, moment));
    const spec = await readFile(file, 'utf8');
    await writeFile(file, `${spec.replace(/^hooks:.*\n/m, '')}hooks:\n${hooks.join('')}`);
  }

  function toHook(job: string, moment: string): string {
    return `  - name: http-${moment}
    config:
      HTTP_URL: ${service.origin}/${job}/${moment}
      HTTP_HEADER_AUTHORIZATION: Bearer {{.secret.web_token}}
      HTTP_BODY: '{"from":"{{.DSTART}}","script":"{{.TASK__SCRIPT}}"}'
`;
  }

  async function awaitState(job: string): Promise<string> {
    let state = '';
    await waitUntil(`the run of ${job} has ended`, async () => {
      const [run] = await listRuns(
        { host: `127.0.0.1:${stage.port}`, project: 'space', job },
        AbortSignal.timeout(60_000),
      );
      state = run?.state ?? '';
      return state === 'success' || state === 'failed';
    });
    return state;
  }

  const pathsOf = (job: string) =>
    service.calls.map((call) => call.path).filter((called) => called.startsWith(`/${job}/`));

  it('that succeeds calls before the task and after it', async () => {
    expect(await awaitState('well')).toBe('success');
    expect(pathsOf('well')).toEqual(['/well/pre', '/well/post']);
  });

  it('that fails calls before the task and for the failure', async () => {
    expect(await awaitState('badly')).toBe('failed');
    expect(pathsOf('badly')).toEqual(['/badly/pre', '/badly/fail']);
  });

  it('sends its macros, the configuration of the task and a secret', () => {
    const call = service.calls.find((each) => each.path === '/well/post');
    expect(call?.headers.authorization).toBe('Bearer s3cret-token');
    expect(JSON.parse(call?.body ?? '')).toEqual({ from: '2022-09-18T00:00:00Z', script: 'script.sh' });
  });
});
