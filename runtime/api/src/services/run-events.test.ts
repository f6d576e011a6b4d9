import { createSecret, deployJobs, registerNamespace, registerProject } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { makeMemoryDeps, makeRunList, startApi } from '../testing/api-rig.ts';
import { issueCredential, makeAuthenticator, toBasic } from '../testing/attempt-credential.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';
import { makeRun } from '../testing/run-fixtures.ts';
import { makeRunChange, WrittenRunChanges } from '../testing/written-run-changes.ts';

const TICK = '2022-09-19T02:00:00Z';
const PATH = '/api/v1beta1/project/sky/namespace/space/job/near-earth-objects/event';
const VALUE = { status: 'failed', event_time: 1663552900, task_id: 'neo', scheduled_at: TICK };
const ADDRESS = { projectName: 'sky', namespaceName: 'space', jobName: 'near-earth-objects' };

async function setUp() {
  const runChanges = new WrittenRunChanges();
  const deps = makeMemoryDeps({ runChanges, runs: makeRunList([makeRun(TICK)]) });
  await registerProject(deps, { name: 'sky', config: {} });
  await registerNamespace(deps, { project: 'sky', name: 'space', config: {} });
  const deployed = { project: 'sky', namespace: 'space', isComplete: true, author: '' };
  await deployJobs(deps, { ...deployed, jobs: [makeJobSpec()] });
  const rig = await startApi({ deps, auth: makeAuthenticator() });
  const post = async (event: object, authorization = 'Bearer t0ken') => {
    const headers = { 'content-type': 'application/json', authorization };
    const response = await fetch(`${rig.url}${PATH}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ event }),
    });
    return [response.status, await response.json()] as const;
  };
  return { ...rig, deps, runChanges, post };
}

describe('an event that is registered', () => {
  it('is kept, over REST and by both services over gRPC', async () => {
    const { port, post, runChanges } = await setUp();
    expect(await post({ type: 'TYPE_TASK_FAIL', value: VALUE })).toEqual([200, {}]);
    const client = new GrpcTestClient(port, { authorization: 'Bearer t0ken' });
    const request = { ...ADDRESS, event: { type: core.JobEvent_Type.JOB_FAILURE, value: VALUE } };
    await client.call(core.RuntimeService.method.registerJobEvent, request);
    await client.call(core.JobRunService.method.registerJobEvent, request);
    expect(runChanges.registered.map(([ticks, { type, task }]) => [ticks, type, task])).toEqual([
      [[new Date(TICK)], 'task_fail', 'neo'],
      [[new Date(TICK)], 'failure', 'neo'],
      [[new Date(TICK)], 'failure', 'neo'],
    ]);
  });

  it('shows no secret, wherever it stands in it', async () => {
    const { deps, post, runChanges } = await setUp();
    await createSecret(deps, { project: 'sky', namespace: '', name: 'KEY' }, 'hush-"hush"');
    const value = { ...VALUE, exception: 'bad key hush-"hush"', deep: [{ 'hush-"hush"': 1 }] };
    expect(await post({ type: 'TASK_FAIL', value })).toEqual([200, {}]);
    expect(JSON.stringify(runChanges.registered)).not.toContain('hush-');
    expect(runChanges.registered[0]?.[1].message).toBe('bad key ***');
  });

  it('holds nothing that a database cannot store', async () => {
    const { post, runChanges } = await setUp();
    const value = { ...VALUE, exception: 'half a smile \ud83d, and \0', deep: ['\ude00'] };
    expect(await post({ type: 'TASK_FAIL', value })).toEqual([200, {}]);
    expect(runChanges.registered[0]?.[1].message).toBe('half a smile \ufffd, and \ufffd');
    expect(JSON.stringify(runChanges.registered)).not.toMatch(/\\u(?:d83d|de00|0000)/);
  });

  it.each([
    [{}, 400, 'event.type is missing'],
    [{ type: 'TYPE_REPLAY_LIFECYCLE', value: VALUE }, 400, 'event.type is not one of a run'],
    [{ type: 'TYPE_TASK_START', value: {} }, 400, `property 'status'(string) is missing in event payload`],
    [
      { type: 'TYPE_FAILURE', value: { scheduled_at: TICK, log: 'x'.repeat(70_000) } },
      413,
      'more than 65536',
    ],
  ])('is refused when it is none: %j', async (event, status, message) => {
    const { post } = await setUp();
    expect(await post(event)).toMatchObject([status, { message: expect.stringContaining(message) }]);
  });

  it('of a run that the job does not have is refused', async () => {
    const { post, runChanges } = await setUp();
    runChanges.register = async () => 0;
    expect(await post({ type: 'TASK_FAIL', value: VALUE })).toMatchObject([
      404,
      { message: expect.stringContaining('has no run at 2022-09-19T02:00:00Z') },
    ]);
  });

  it('comes from an attempt for its own run alone', async () => {
    const { post } = await setUp();
    const own = toBasic(issueCredential('7'));
    expect(await post({ type: 'TASK_FAIL', value: VALUE }, own)).toEqual([200, {}]);
    const other = { ...VALUE, scheduled_at: '2022-09-20T02:00:00Z' };
    expect(await post({ type: 'TASK_FAIL', value: other }, own)).toMatchObject([403, {}]);
  });

  it('is listed with what the scheduler did', async () => {
    const { url, runChanges } = await setUp();
    const event = {
      type: 'task_fail',
      status: 'failed',
      task: 'neo',
      happenedAt: undefined,
      message: 'm',
      value: VALUE,
    } as const;
    runChanges.written.push(makeRunChange(), makeRunChange({ id: '2', message: 'm', event }));
    const path = `/api/v1beta1/project/sky/job/near-earth-objects/run/events?scheduled_at=${TICK}&page_size=2`;
    const response = await fetch(`${url}${path}`, { headers: { authorization: 'Bearer t0ken' } });
    expect(await response.json()).toMatchObject({
      events: [
        { id: '1', state: 'running', event: null },
        { id: '2', message: 'm', event: { type: 'TYPE_TASK_FAIL', value: VALUE } },
      ],
      nextPageToken: '2',
    });
  });
});
