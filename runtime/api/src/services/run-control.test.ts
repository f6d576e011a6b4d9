import {
  type EarlyEnd,
  parseJobName,
  type RerunRequest,
  type RunDetail,
  type RunStore,
} from '@optimus/domain';
import { computeDayWindow, makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, makeRunList, startApi } from '../testing/api-rig.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';
import { makeRun } from '../testing/run-fixtures.ts';

const JOB = 'near-earth-objects';
const TICK = '2022-09-19T02:00:00Z';

/** A server with one job and one run, whose store notes what it is asked and refuses when told to. */
async function setUp({
  isRefusing = false,
  run = makeRun(TICK),
}: {
  readonly isRefusing?: boolean;
  readonly run?: RunDetail;
} = {}) {
  const asked: unknown[] = [];
  const answer = (what: unknown, state: RunDetail['state']) => {
    asked.push(what);
    return isRefusing ? undefined : { ...run, state };
  };
  const runs: RunStore = Object.assign(makeRunList([run]), {
    endEarly: async (_: unknown, end: EarlyEnd) => answer(end, end.state),
    rerun: async (_: unknown, request: RerunRequest) => answer(request, 'queued'),
    setPaused: async (_: unknown, isPaused: boolean) => asked.push({ isPaused }) > 0,
    listNewest: async (query: { readonly namespace?: string }) => (
      asked.push(query), query.namespace === 'nope' ? [] : [run]
    ),
  });
  const rig = await startApi({ deps: makeMemoryDeps({ runs }) });
  const client = new GrpcTestClient(rig.port);
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });
  const spec = toJobSpecification(makeJobSpec({ name: parseJobName(JOB) }));
  await client.call(core.JobSpecificationService.method.createJobSpecification, {
    projectName: 'sky',
    namespaceName: 'space',
    spec,
  });
  const call = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
    const response = await fetch(`${rig.url}/api/v1beta1/project/sky${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post = (verb: string, body: object) => call(`/job/${JOB}/${verb}`, { scheduled_at: TICK, ...body });
  return { asked, call, post };
}

describe('stepping in over REST', () => {
  it('cancels a run, with the reason', async () => {
    const { asked, post } = await setUp();
    expect(await post('run/cancel', { message: 'enough' })).toEqual({
      status: 200,
      body: { state: 'canceled' },
    });
    expect(asked).toEqual([{ state: 'canceled', message: 'enough' }]);
  });

  it('refuses to cancel a run that is over, and says so', async () => {
    const { post } = await setUp({ isRefusing: true });
    const { status, body } = await post('run/cancel', {});
    expect([status, body.message]).toEqual([400, expect.stringContaining('is over already: success')]);
  });

  it('has no run at a tick that was never planned', async () => {
    const { post } = await setUp();
    expect((await post('run/cancel', { scheduled_at: '2020-01-01T00:00:00Z' })).status).toBe(404);
  });

  it('reruns what failed with the newest version and its window', async () => {
    const { asked, post } = await setUp();
    const { body } = await post('run/rerun', { only_failed: true, newest_version: true });
    expect(body).toEqual({ state: 'queued' });
    const window = computeDayWindow(makeJobSpec(), new Date(TICK));
    expect(asked).toEqual([{ scope: 'failed', version: { id: expect.any(String), window } }]);
  });

  it('reruns one instance with what did not succeed, and lists those there are when it is another', async () => {
    const { asked, post } = await setUp();
    const { name } = makeJobSpec().task;
    expect((await post('run/rerun', { instance: name })).status).toBe(200);
    expect(asked).toEqual([{ scope: 'failed', instance: { type: 'task', name } }]);
    const { status, body } = await post('run/rerun', { instance: 'zz', newest_version: true });
    expect(status).toBe(404);
    expect(JSON.stringify(body)).toContain(`its instances: ${name}`);
    expect(asked).toHaveLength(1);
  });

  it('refuses a rerun of what is under way', async () => {
    const { asked, post } = await setUp({ isRefusing: true });
    expect((await post('run/rerun', {})).status).toBe(400);
    expect(asked).toEqual([{ scope: 'all' }]);
  });

  it('marks a run as success, failed or skipped, and as nothing else', async () => {
    const { asked, post } = await setUp();
    expect((await post('run/mark', { state: 'success' })).body).toEqual({ state: 'success' });
    expect((await post('run/mark', { state: 'skipped' })).status).toBe(200);
    expect((await post('run/mark', { state: 'running' })).status).toBe(400);
    expect(asked).toEqual([
      { state: 'success', message: 'marked as success by hand' },
      { state: 'skipped', message: 'marked as skipped by hand' },
    ]);
  });

  it('pauses and resumes a job that is deployed', async () => {
    const { asked, call, post } = await setUp();
    expect([(await post('pause', {})).status, (await post('resume', {})).status]).toEqual([200, 200]);
    expect((await call('/job/nowhere/pause', {})).status).toBe(404);
    expect(asked).toEqual([{ isPaused: true }, { isPaused: false }]);
  });
});

describe('the runs of a project', () => {
  it('come page by page, with roles of instances and what a run waits for', async () => {
    const { project, job, ...rest } = makeRun(TICK);
    const waits = [{ project, job, scheduledAt: new Date(TICK), state: undefined }];
    const { asked, call } = await setUp({
      run: { ...rest, id: '12', project, job, state: 'wait_upstream', waits },
    });
    const { body } = await call('/runs?state=wait_upstream&page_size=1&page_token=99&namespace_name=space');
    expect(asked).toEqual([
      { project: 'sky', namespace: 'space', states: ['wait_upstream'], limit: 1, beforeId: '99' },
    ]);
    expect(body).toMatchObject({
      nextPageToken: '12',
      runs: [
        {
          instances: [{ role: 'task' }],
          waits: [{ projectName: 'sky', jobName: JOB, scheduledAt: TICK, state: 'pending' }],
        },
      ],
    });
  });

  it('of a namespace that there is not are none to be listed, and that is said', async () => {
    const { call } = await setUp();
    const { status, body } = await call('/runs?namespace_name=nope');
    expect([status, body.message]).toEqual([404, expect.stringContaining('nope')]);
  });

  it('are not continued by a token that the server did not give', async () => {
    const { call } = await setUp();
    expect((await call('/runs?page_token=x')).status).toBe(400);
  });
});
