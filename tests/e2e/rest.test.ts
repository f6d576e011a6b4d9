import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatedFeed, startGatedFeed } from './stage/gated-feed.ts';
import { awaitState, jobName, mustRun, prepareWeek, ticks } from './stage/neo-week.ts';
import { type Stage, setStage, toNeoCommand } from './stage/stage.ts';

const apiKey = 'key-over-rest';
const instance = `project/space/job/${jobName}/instance`;

let stage: Stage;
let feed: GatedFeed;
let url: string;

beforeAll(async () => {
  [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
  feed.open();
  await stage.configure({ neoCommand: toNeoCommand(feed.url) });
  url = `http://${(await stage.startServer()).address}`;
  await prepareWeek(stage, apiKey);
  await mustRun(stage, ['deploy']);
  await awaitState(stage, 'success', ticks.length);
});

afterAll(async () => {
  await feed.stop();
  await stage.clear();
});

async function post(path: string, body: unknown) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function get(path: string) {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('the context of a task', () => {
  it.each([
    ['/api/v1', 'TASK'],
    ['/api/v1', 'TYPE_TASK'],
    ['/api/v1beta1', 'TASK'],
    ['/api/v1beta1', 'TYPE_TASK'],
  ])('is answered under %s for %s', async (base, instance_type) => {
    const request = { scheduled_at: ticks[0], instance_name: 'neo', instance_type };
    const { status, body } = await post(`${base}/${instance}`, request);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['context', 'instance', 'job', 'namespace', 'project']);
    expect(body.context.envs).toMatchObject({
      DSTART: '2022-09-18T00:00:00Z',
      DEND: '2022-09-19T00:00:00Z',
      RANGE_START: '2022-09-18T00:00:00Z',
      RANGE_END: '2022-09-19T00:00:00Z',
    });
    expect(body.context.secrets).toEqual({ SECRET_KEY: JSON.stringify(apiKey) });
  });

  it('takes camelCase as well as snake_case', async () => {
    const request = { scheduledAt: ticks[6], instanceName: 'neo', instanceType: 'TYPE_TASK' };
    const { body } = await post(`/api/v1/${instance}`, request);
    expect(body.context.envs.DSTART).toBe('2022-09-24T00:00:00Z');
  });

  it('is flat as run_input', async () => {
    const request = { scheduled_at: ticks[0], instance_name: 'neo', instance_type: 'TASK' };
    const { body } = await post(`/api/v1/project/space/job/${jobName}/run_input`, request);
    expect(Object.keys(body).toSorted()).toEqual(['binaryFiles', 'envs', 'files', 'secrets', 'warnings']);
  });

  it('has one EXECUTION_TIME however often it is asked for', async () => {
    const request = { scheduled_at: ticks[0], instance_name: 'neo', instance_type: 'TASK' };
    const first = await post(`/api/v1/${instance}`, request);
    const second = await post(`/api/v1/${instance}`, request);
    expect(second.body.context.envs.EXECUTION_TIME).toBe(first.body.context.envs.EXECUTION_TIME);
  });
});

describe('a refusal', () => {
  it('of an unknown job is 404 and names it', async () => {
    const request = { scheduled_at: ticks[0], instance_name: 'neo', instance_type: 'TASK' };
    const { status, body } = await post('/api/v1/project/space/job/is_last_day/instance', request);
    expect([status, body.code]).toEqual([404, 5]);
    expect(body.message).toContain('is_last_day');
  });

  it('of an instance that the job does not have is 404 and names it', async () => {
    const request = { scheduled_at: ticks[0], instance_name: 'neon', instance_type: 'TASK' };
    const { status, body } = await post(`/api/v1/${instance}`, request);
    expect([status, body.code]).toEqual([404, 5]);
    expect(body.message).toContain('neon');
  });

  it('of a body that is not JSON is 400', async () => {
    const { status, body } = await post(`/api/v1/${instance}`, '{"scheduled_at": ');
    expect([status, body.code]).toEqual([400, 3]);
  });

  it('of a path that nothing answers is 404 in the JSON form', async () => {
    const { status, body } = await get('/api/v1/nothing/here');
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
  });
});

describe('runs over REST', () => {
  it('are the last one alone without dates', async () => {
    const { body } = await get(`/api/v1beta1/project/space/job/${jobName}/run`);
    expect(body.jobRuns).toEqual([{ state: 'success', scheduledAt: ticks[6] }]);
  });

  it('are those between two dates', async () => {
    const dates = 'start_date=2022-09-20T00:00:00Z&end_date=2022-09-22T00:00:00Z';
    const { body } = await get(`/api/v1/project/space/job/${jobName}/run?${dates}`);
    const between = body.jobRuns.map((run: { readonly scheduledAt: string }) => run.scheduledAt);
    expect(between.toSorted()).toEqual([ticks[1], ticks[2]]);
  });

  it('have one attempt each', async () => {
    const { body } = await get(`/api/v1/project/space/job/${jobName}/job_runs`);
    const counts = body.runs.map((run: { readonly attemptCount: number }) => run.attemptCount);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('beside the API', () => {
  it('ping answers pong, and metrics count what was called', async () => {
    expect(await (await fetch(`${url}/ping`)).text()).toBe('pong');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^grpc_server_handled_total\{[^}]*RegisterInstance[^}]*\} \d+/m);
  });
});
