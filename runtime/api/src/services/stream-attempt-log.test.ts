import { request as httpRequest } from 'node:http';
import { type Attempt, parseJobName, type RunDetail } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, makeRunList, startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';
import { AnnouncedChanges, makeAttempt, makeRun, WritableLog } from '../testing/run-fixtures.ts';

const JOB = 'near-earth-objects';
const TICK = '2022-09-19T02:00:00Z';
const PATH = `/api/v1/project/sky/job/${JOB}/log?scheduled_at=${TICK}`;

const running = makeLiveRun(makeAttempt({ state: 'running' }));
const starting = makeLiveRun(makeAttempt({ state: 'starting' }));

/** Without an attempt its task has its turn yet to come. */
function makeLiveRun(...attempts: readonly Attempt[]): RunDetail {
  const state = attempts.length > 0 ? 'running' : 'pending';
  const task = { id: 'i', type: 'task', name: 'neo', role: 'task', state } as const;
  return makeRun(TICK, { state: 'running', instances: [{ ...task, attempts }] });
}

async function setUp(log: WritableLog, run: RunDetail = makeRun(TICK)) {
  const changes = new AnnouncedChanges();
  let current = run;
  const runs = { ...makeRunList([]), findDetail: async () => current };
  const rig = await startApi({ deps: makeMemoryDeps({ runs, logs: log, changes }) });
  const client = new GrpcTestClient(rig.port);
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky' },
    namespace: { name: 'space' },
  });
  await client.call(core.JobSpecificationService.method.createJobSpecification, {
    projectName: 'sky',
    namespaceName: 'space',
    spec: toJobSpecification(makeJobSpec({ name: parseJobName(JOB) })),
  });
  const end = (ended: RunDetail): void => {
    current = ended;
    changes.announce({ topic: 'run_changed', id: run.id });
  };
  return { ...rig, client, changes, end, finish: () => end(makeRun(TICK)) };
}

describe('the log of an attempt', () => {
  it('is raw text over REST, and lines of JSON when JSON is asked for', async () => {
    const { url } = await setUp(new WritableLog('total tracking: 14\nü\n'));
    const raw = await fetch(`${url}${PATH}`);
    expect([raw.headers.get('content-type'), await raw.text()]).toEqual([
      'text/plain; charset=utf-8',
      'total tracking: 14\nü\n',
    ]);
    const lines = await fetch(`${url}${PATH}`, { headers: { accept: 'application/json' } });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    expect(JSON.parse(await lines.text())).toEqual({
      result: { data: btoa('total tracking: 14\n\u00c3\u00bc\n') },
    });
  });

  it('comes whole however long it is', async () => {
    const text = 'a line of the log\n'.repeat(200_000);
    const { url } = await setUp(new WritableLog(text));
    expect(await (await fetch(`${url}${PATH}&attempt=1&instance_name=neo`)).text()).toBe(text);
  });

  it('is not found when there is no such run, attempt or log', async () => {
    const { url } = await setUp(new WritableLog());
    for (const path of [PATH, `${PATH}&attempt=7`, `${PATH}&instance_name=hook`]) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('tells why an attempt has none', async () => {
    const message = 'image "x" is not in executor.process.images';
    const attempts = [makeAttempt({ number: 2, state: 'failed', message })];
    const instances = [
      { id: 'i', type: 'task', name: 'neo', role: 'task', state: 'failed', attempts } as const,
    ];
    const { url } = await setUp(new WritableLog(), makeRun(TICK, { state: 'failed', instances }));
    const body = (await (await fetch(`${url}${PATH}`)).json()) as { readonly message: string };
    expect(body.message).toBe(`attempt 2 has no log: ${message}`);
  });

  it('is told where it is when it is not here', async () => {
    const attempts = [makeAttempt({ hostId: 'lake-2-1f2e3d4c' })];
    const instances = [
      { id: 'i', type: 'task', name: 'neo', role: 'task', state: 'success', attempts } as const,
    ];
    const { url } = await setUp(new WritableLog(), makeRun(TICK, { state: 'success', instances }));
    const response = await fetch(`${url}${PATH}`);
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({
        message: 'the log of attempt 1 is on host lake-2-1f2e3d4c, and this server is on host',
      }),
    ]);
  });

  it('is followed from before its first byte until the attempt ends', async () => {
    const log = new WritableLog();
    const { url, finish, changes } = await setUp(log, starting);
    const response = await fetch(`${url}${PATH}&follow=true`);
    const text = response.text();
    await expect.poll(() => log.waiting).toBe(1);
    log.write('first\n');
    await expect.poll(() => log.waiting).toBe(1);
    log.write('last\n');
    finish();
    expect(await text).toBe('first\nlast\n');
    expect(changes.listenerCount).toBe(0);
  });

  it('is waited for while what is followed has its turn yet to come', async () => {
    const log = new WritableLog('begun\n');
    const { url, end, finish, changes } = await setUp(log, makeLiveRun());
    const response = await fetch(`${url}${PATH}&follow=true`);
    const text = response.text();
    await expect.poll(() => changes.listenerCount).toBe(1);
    end(running);
    await expect.poll(() => log.waiting).toBe(1);
    log.write('last\n');
    finish();
    expect(await text).toBe('begun\nlast\n');
    expect(changes.listenerCount).toBe(0);
  });

  it('is waited for no longer when what is followed never had its turn', async () => {
    const { client, end, changes } = await setUp(new WritableLog(), makeLiveRun());
    const scheduledAt = { seconds: BigInt(Date.parse(TICK) / 1_000) };
    const request = { projectName: 'sky', jobName: JOB, scheduledAt, follow: true };
    const followed = collect(client.stream(core.JobRunService.method.getJobRunLog, request));
    await expect.poll(() => changes.listenerCount).toBe(1);
    end({ ...makeLiveRun(), state: 'canceled' });
    expect((await followed).error).toMatchObject({ message: expect.stringContaining('has no attempt') });
  });

  it('is not waited for where it will not come', async () => {
    const elsewhere = makeLiveRun(makeAttempt({ state: 'starting', hostId: 'lake-2' }));
    const { client } = await setUp(new WritableLog(), elsewhere);
    const scheduledAt = { seconds: BigInt(Date.parse(TICK) / 1_000) };
    const request = { projectName: 'sky', jobName: JOB, scheduledAt, follow: true };
    const followed = collect(client.stream(core.JobRunService.method.getJobRunLog, request));
    expect((await followed).error).toMatchObject({ message: expect.stringContaining('is on host lake-2') });
  });

  it('tells why there is none when the attempt ends without one', async () => {
    const log = new WritableLog();
    const { client, end } = await setUp(log, starting);
    const scheduledAt = { seconds: BigInt(Date.parse(TICK) / 1_000) };
    const request = { projectName: 'sky', jobName: JOB, scheduledAt, follow: true };
    const followed = collect(client.stream(core.JobRunService.method.getJobRunLog, request));
    await expect.poll(() => log.waiting).toBe(1);
    end(makeLiveRun(makeAttempt({ state: 'failed', message: 'no such plugin' })));
    expect((await followed).error).toMatchObject({
      message: expect.stringContaining('has no log: no such plugin'),
    });
  });

  it('is let go of when the follower leaves', async () => {
    const log = new WritableLog('begun\n');
    const { port, changes } = await setUp(log, running);
    const request = httpRequest({ port, path: `${PATH}&follow=true` });
    request.on('error', () => {}).end();
    await expect.poll(() => log.waiting).toBe(1);
    request.destroy();
    await expect.poll(() => [log.waiting, changes.listenerCount]).toEqual([0, 0]);
  });

  it('ends with an error when the server stops before the attempt', async () => {
    const log = new WritableLog('begun\n');
    const { api, client, url } = await setUp(log, running);
    const address = {
      projectName: 'sky',
      jobName: JOB,
      scheduledAt: { seconds: BigInt(Date.parse(TICK) / 1_000) },
    };
    const stream = collect(
      client.stream(core.JobRunService.method.getJobRunLog, { ...address, follow: true }),
    );
    const raw = fetch(`${url}${PATH}&follow=true`).then((response) => response.text());
    const outcome = raw.then(
      () => 'whole',
      () => 'cut',
    );
    await expect.poll(() => log.waiting).toBe(2);
    await api.stop();
    const { answers, error } = await stream;
    expect(Buffer.concat(answers.map(({ data }) => data)).toString()).toBe('begun\n');
    expect(error).toMatchObject({ code: 14, message: 'the server is stopping' });
    expect(await outcome).toBe('cut');
  });
});
