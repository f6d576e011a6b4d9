import { create, toJson } from '@bufbuild/protobuf';
import { type PlannedRun, parseJobName } from '@optimus/domain';
import { createInMemoryPlugins, makeJobSpec, makePluginInfo } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import type { ApiDeps } from '../api-deps.ts';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, makeRunList, startApi } from '../testing/api-rig.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';
import { makeAttempt, makeRun } from '../testing/run-fixtures.ts';

const JOB = 'near-earth-objects';
const DAYS = ['19', '20', '21'].map((day) => `2022-09-${day}T02:00:00Z`);

const specMessage = toJobSpecification(
  makeJobSpec({ name: parseJobName(JOB), assets: { 'a.sql': 'SELECT 1' } }),
);

async function setUp(overrides: Partial<ApiDeps> = {}) {
  const rig = await startApi({ deps: makeMemoryDeps(overrides) });
  const client = new GrpcTestClient(rig.port);
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: { bucket: 'b' } },
    namespace: { name: 'space', config: {} },
  });
  const { createJobSpecification } = core.JobSpecificationService.method;
  await client.call(createJobSpecification, {
    projectName: 'sky',
    namespaceName: 'space',
    spec: specMessage,
  });
  const get = async (path: string) => {
    const response = await fetch(`${rig.url}/api/v1beta1${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${rig.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ...rig, client, get, post };
}

describe('the context of an instance', () => {
  const asked = { scheduled_at: '2022-09-19T02:00:00Z', instance_name: 'neo', instance_type: 'TASK' };
  const context = {
    envs: { DSTART: '2022-09-18T00:00:00.000Z', INSTANCE: 'neo' },
    files: { 'query.sql': 'SELECT 1' },
    secrets: { API_KEY: 'hidden' },
  };

  it.each(['/api/v1', '/api/v1beta1'])('comes with all it was made from at %s/…/instance', async (base) => {
    const { post } = await setUp();
    const { status, body } = await post(`${base}/project/sky/job/${JOB}/instance`, asked);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['context', 'instance', 'job', 'namespace', 'project'],
    ]);
    expect(body).toMatchObject({
      project: { name: 'sky', config: { BUCKET: 'b' } },
      namespace: { name: 'space' },
      job: { name: JOB, taskName: 'neo' },
      instance: { state: 'pending', name: 'neo', type: 'TYPE_TASK', executedAt: '2022-09-20T00:00:00Z' },
      context,
    });
  });

  it('tells the state and the first execution time of its run', async () => {
    const executionTime = new Date('2022-09-19T02:00:01Z');
    const deployed = makeMemoryDeps().jobs;
    const find: typeof deployed.find = async (key) => {
      const job = await deployed.find(key);
      return job && { ...job, versionId: 'version-1' };
    };
    const runs = makeRunList([makeRun(asked.scheduled_at, { state: 'running', executionTime })]);
    const { post } = await setUp({ runs, jobs: { ...deployed, find } });
    const { body } = await post(`/api/v1/project/sky/job/${JOB}/instance`, asked);
    expect(body.instance).toMatchObject({ state: 'running', executedAt: '2022-09-19T02:00:01Z' });
  });

  it('comes alone at …/run_input', async () => {
    const { post } = await setUp();
    const asInput = { ...asked, instance_type: 'TYPE_TASK' };
    expect((await post(`/api/v1beta1/project/sky/job/${JOB}/run_input`, asInput)).body).toEqual({
      ...context,
      warnings: [],
      binaryFiles: {},
    });
  });

  it.each([
    [{ ...asked, scheduled_at: undefined }, 400, /scheduled_at is missing/],
    [{ ...asked, instance_type: undefined }, 400, /instance_type is missing/],
    [{ ...asked, instance_name: 'noe' }, 404, /has no task "noe", did you mean "neo"\?/],
  ])('is refused for %j', async (request, expected, message) => {
    const { post } = await setUp();
    const { status, body } = await post(`/api/v1/project/sky/job/${JOB}/instance`, request);
    expect([status, body.message]).toEqual([expected, expect.stringMatching(message)]);
  });
});

describe('JobRun', () => {
  const runs = makeRunList([makeRun(DAYS[0] ?? '', { state: 'failed' }), makeRun(DAYS[1] ?? '')]);

  it('answers the last run alone when no dates are given', async () => {
    const { get } = await setUp({ runs });
    const { body } = await get(`/project/sky/job/${JOB}/run`);
    expect(body).toEqual({ jobRuns: [{ state: 'success', scheduledAt: DAYS[1] }] });
  });

  it('does not find the last run of a job that has none', async () => {
    const { get } = await setUp();
    expect(await get(`/project/sky/job/${JOB}/run`)).toMatchObject({ status: 404, body: { code: 5 } });
  });

  it('answers what the schedule expects between two dates, both included', async () => {
    const { get } = await setUp({ runs });
    const range = `start_date=${DAYS[0]}&endDate=${DAYS[2]}`;
    const { body } = await get(`/project/sky/job/${JOB}/run?${range}`);
    expect(body).toEqual({
      jobRuns: [
        { state: 'failed', scheduledAt: DAYS[0] },
        { state: 'success', scheduledAt: DAYS[1] },
        { state: 'pending', scheduledAt: DAYS[2] },
      ],
    });
    const pick = async (filter: string) => (await get(`/project/sky/job/${JOB}/run?${range}&${filter}`)).body;
    expect(await pick('filter=pending')).toEqual({ jobRuns: [{ state: 'pending', scheduledAt: DAYS[2] }] });
    expect(await pick('filter=failed&filter=queued')).toEqual({
      jobRuns: [{ state: 'failed', scheduledAt: DAYS[0] }],
    });
  });

  it('expects nothing of a tick whose run was removed', async () => {
    const removed = { until: new Date(DAYS[1] ?? ''), count: 2 };
    const { get } = await setUp({ runs: makeRunList([], removed) });
    const { body } = await get(`/project/sky/job/${JOB}/run?start_date=${DAYS[0]}&end_date=${DAYS[2]}`);
    expect(body).toEqual({ jobRuns: [{ state: 'pending', scheduledAt: DAYS[2] }] });
  });

  it.each([
    ['start_date=2022-09-19T00:00:00Z', /end_date one is missing/],
    ['start_date=2022-09-20T00:00:00Z&end_date=2022-09-19T00:00:00Z', /end_date lies before start_date/],
    ['filter=sucess', /no run state "sucess", did you mean "success"\?/],
  ])('refuses %s', async (query, message) => {
    const { get } = await setUp({ runs });
    const { status, body } = await get(`/project/sky/job/${JOB}/run?${query}`);
    expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('walks through thousands of runs and refuses a span without bounds', async () => {
    const hour = 3_600_000;
    const start = Date.parse('2022-09-19T00:00:00Z');
    const many = Array.from({ length: 2_500 }, (_, index) =>
      makeRun(new Date(start + index * hour).toISOString()),
    );
    const { client } = await setUp({ runs: makeRunList(many) });
    const dates = (count: number) => ({
      startDate: { seconds: BigInt(start / 1_000), nanos: 0 },
      endDate: { seconds: BigInt((start + count * hour) / 1_000), nanos: 0 },
    });
    const address = { projectName: 'sky', jobName: JOB };
    const { jobRuns } = await client.call(core.JobRunService.method.jobRun, { ...address, ...dates(2_000) });
    expect(jobRuns.filter(({ state }) => state === 'success')).toHaveLength(2_001);
  });
});

describe('listing runs', () => {
  const runs = makeRunList(DAYS.map((day) => makeRun(day)));

  it('shows them in full, page by page, newest first', async () => {
    const { get } = await setUp({ runs });
    const first = await get(`/project/sky/job/${JOB}/job_runs?page_size=2`);
    expect(first.body).toMatchObject({
      runs: [
        { scheduledAt: DAYS[2] },
        { scheduledAt: DAYS[1], attemptCount: 1, instances: [{ attempts: [{ exitCode: 0 }] }] },
      ],
      nextPageToken: '2022-09-20T02:00:00.000Z',
    });
    const next = `page_size=2&page_token=${String(first.body.nextPageToken)}`;
    const second = await get(`/project/sky/job/${JOB}/job_runs?${next}`);
    expect(second.body).toMatchObject({ runs: [{ scheduledAt: DAYS[0] }], nextPageToken: '' });
  });

  it('leaves out the exit code of an attempt that has none', async () => {
    const attempts = [makeAttempt({ state: 'running', exitCode: undefined, finishedAt: undefined })];
    const instances = [
      { id: 'i', type: 'task', name: 'neo', role: 'task', state: 'running', attempts } as const,
    ];
    const { client } = await setUp({
      runs: makeRunList([makeRun(DAYS[0] ?? '', { instances, state: 'running' })]),
    });
    const address = { projectName: 'sky', jobName: JOB };
    const answer = await client.call(core.JobRunService.method.getJobRuns, address);
    const attempt = answer.runs[0]?.instances[0]?.attempts[0];
    expect([attempt?.state, attempt?.exitCode, attempt?.finishedAt]).toEqual([
      'running',
      undefined,
      undefined,
    ]);
  });

  it('filters by state and time', async () => {
    const { get } = await setUp({ runs });
    const { body } = await get(
      `/project/sky/job/${JOB}/job_runs?since=${DAYS[1]}&until=${DAYS[2]}&state=success`,
    );
    expect(body).toMatchObject({ runs: [{ scheduledAt: DAYS[1] }] });
  });

  it.each(['page_size=-1', 'page_size=1001', 'page_token=nonsense', 'state=done'])(
    'refuses %s',
    async (query) => {
      const { get } = await setUp({ runs });
      expect((await get(`/project/sky/job/${JOB}/job_runs?${query}`)).status).toBe(400);
    },
  );

  it('answers the states alone as JobStatus', async () => {
    const { get } = await setUp({ runs });
    const { body } = await get(`/project/sky/job/${JOB}/status`);
    expect(body.statuses).toEqual(
      DAYS.toReversed().map((scheduledAt) => ({ state: 'success', scheduledAt })),
    );
  });
});

describe('the task of a job', () => {
  it('is what its plugin says of itself', async () => {
    const { get } = await setUp();
    const { body } = await get(`/project/sky/namespace/space/job/${JOB}/task`);
    expect(body.task).toEqual({
      name: 'neo',
      description: '',
      image: 'docker.io/odpf/optimus-task-neo-executor:latest',
      destination: null,
      dependencies: [],
    });
  });

  it('comes with what it writes and reads when its plugin can tell', async () => {
    const plugins = {
      ...createInMemoryPlugins([makePluginInfo({ mods: ['cli', 'dependencyresolver'] })]),
      findDestination: async () => 'bigquery://p:d.t',
      listDependencies: async () => ['bigquery://p:d.u'],
    };
    const { get } = await setUp({ plugins });
    const { body } = await get(`/project/sky/namespace/space/job/${JOB}/task`);
    expect(body.task).toMatchObject({
      destination: { type: 'bigquery', destination: 'p:d.t' },
      dependencies: [{ dependency: 'bigquery://p:d.u' }],
    });
  });
});

describe('a window', () => {
  it('is computed without a job', async () => {
    const { get } = await setUp();
    const query = 'scheduled_at=2022-09-19T02:00:00Z&size=24h&offset=0&truncate_to=d';
    expect((await get(`/window?${query}`)).body).toEqual({
      start: '2022-09-18T00:00:00Z',
      end: '2022-09-19T00:00:00Z',
    });
  });

  it.each(['size', 'offset', 'truncate_to', 'scheduled_at'])('needs %s', async (name) => {
    const { get } = await setUp();
    const query = new URLSearchParams({
      scheduled_at: '2022-09-19T02:00:00Z',
      size: '24h',
      offset: '0',
      truncate_to: 'd',
    });
    query.delete(name);
    expect((await get(`/window?${query.toString()}`)).body.message).toBe(`${name} is missing`);
  });
});

describe('running by hand', () => {
  it('makes a run of the deployed job, and refuses one that differs', async () => {
    const created: PlannedRun[] = [];
    const runs = { ...makeRunList([]), create: async (run: PlannedRun) => created.push(run) > 0 };
    const { post } = await setUp({ runs });
    const path = '/api/v1/project/sky/namespace/space/run';
    const specification = toJson(
      core.JobSpecificationSchema,
      create(core.JobSpecificationSchema, specMessage),
    );
    const body = { scheduledAt: ['2022-09-20T00:00:00Z'] };
    expect(await post(path, { specifications: [specification] })).toEqual({ status: 200, body });
    expect(created).toHaveLength(1);
    const changed = { ...(specification as object), owner: 'somebody else' };
    expect((await post(path, { specifications: [changed] })).status).toBe(400);
    expect(created).toHaveLength(1);
  });
});
