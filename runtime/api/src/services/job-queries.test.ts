import { type JobSpec, NO_RESOURCES, parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';

const methods = core.JobSpecificationService.method;
const space = { projectName: 'sky', namespaceName: 'space' };

function makeJob(name: string, overrides: Partial<JobSpec> = {}): core.JobSpecification {
  return toJobSpecification(makeJobSpec({ name: parseJobName(name), ...overrides }));
}

function after(...names: readonly string[]): Partial<JobSpec> {
  return { dependencies: names.map((name) => ({ type: 'intra', name })) };
}

async function setUp(overrides: Parameters<typeof makeMemoryDeps>[0] = {}) {
  const deps = makeMemoryDeps(overrides);
  const rig = await startApi({ deps });
  const client = new GrpcTestClient(rig.port, { 'x-author': 'ada' });
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });
  const specs = [makeJob('one'), makeJob('two', after('one')), makeJob('three', after('two', 'one'))];
  await client.call(methods.addJobSpecifications, { ...space, specs });
  return { ...rig, deps, client };
}

describe('inspecting a job', () => {
  it('tells whom it waits for and why, who waits for it, and when it runs next', async () => {
    const { client } = await setUp();
    const answer = await client.call(methods.jobInspect, {
      ...space,
      jobName: 'two',
      upstreamLevels: 9,
      downstreamLevels: 9,
    });
    expect(answer).toMatchObject({
      isDeployed: true,
      waitsFor: [{ upstreamJobName: 'one', isResolved: true, reason: 'named under dependencies' }],
      waitedForBy: [{ jobName: 'three' }],
      upstream: [{ jobName: 'one', level: 1 }],
      downstream: [{ jobName: 'three', level: 1 }],
    });
    expect(answer.nextRuns).toHaveLength(3);
    expect(answer.nextRuns[0]?.windowStart).toBeDefined();
  });

  it('shows a job once with what lies behind it, however many ways lead there', async () => {
    const { client } = await setUp();
    const { upstream } = await client.call(methods.jobInspect, {
      ...space,
      jobName: 'three',
      upstreamLevels: 5,
    });
    expect(upstream.map(({ jobName, level, isRepeated }) => [jobName, level, isRepeated])).toEqual([
      ['two', 1, false],
      ['one', 2, true],
      ['one', 1, false],
    ]);
  });

  it('refuses levels that no tree has', async () => {
    const { client } = await setUp();
    await expect(
      client.call(methods.jobInspect, { ...space, jobName: 'two', upstreamLevels: 101 }),
    ).rejects.toThrow(/upstream_levels is 101, must be 1 to 100/);
  });

  it('says why it does not know what a deployed job reads', async () => {
    const problems = [{ path: 'task', message: 'the plugin neo was killed' }];
    let known = true;
    const inferResources = async () => ({ ...NO_RESOURCES, problems: known ? [] : problems });
    const { client } = await setUp({ inferResources });
    known = false;
    const answer = await client.call(methods.jobInspect, { ...space, jobName: 'two' });
    expect(answer).toMatchObject({ isDeployed: true, problems });
    expect(answer.nextRuns).toHaveLength(3);
  });

  it('looks at a specification that is not deployed, and stores nothing', async () => {
    const { client, deps } = await setUp();
    const before = await deps.jobs.list({});
    const spec = makeJob('new', { owner: '' });
    const answer = await client.call(methods.jobInspect, { ...space, spec });
    expect(answer).toMatchObject({ jobName: 'new', isDeployed: false, problems: [{ path: 'owner' }] });
    expect(await deps.jobs.list({})).toEqual(before);
  });
});

describe('listing jobs', () => {
  it('of a namespace that is not there is refused with the nearest name', async () => {
    const { client } = await setUp();
    const request = { projectName: 'sky', namespaceName: 'spce' };
    await expect(client.call(methods.getJobSpecifications, request)).rejects.toThrow(/did you mean "space"/);
  });
});

describe('the versions of a job', () => {
  it('are told with what each changed, the newest first', async () => {
    const { client } = await setUp();
    await client.call(methods.updateJobSpecifications, {
      ...space,
      specs: [makeJob('one', { owner: 'grace' })],
    });
    const { history } = await client.call(methods.getJobChangelog, { projectName: 'sky', jobName: 'one' });
    expect(history.map(({ number, isDeployed }) => [number, isDeployed])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect(history[0]?.changes).toMatchObject([
      { attributeName: 'owner', before: 'sky@example.io', after: 'grace' },
    ]);
    expect(history[1]?.changes).toEqual([]);
  });

  it('are told page by page, the last of a page by what it changed of the next', async () => {
    const { client } = await setUp();
    for (const owner of ['ada', 'grace'])
      await client.call(methods.updateJobSpecifications, { ...space, specs: [makeJob('one', { owner })] });
    const key = { projectName: 'sky', jobName: 'one', pageSize: 2 };
    const first = await client.call(methods.getJobChangelog, key);
    expect(first.history.map(({ number }) => number)).toEqual([3, 2]);
    expect(first.history[1]?.changes).toMatchObject([{ before: 'sky@example.io', after: 'ada' }]);
    const last = await client.call(methods.getJobChangelog, { ...key, pageToken: first.nextPageToken });
    expect(last).toMatchObject({ history: [{ number: 1, changes: [] }], nextPageToken: '' });
    await expect(client.call(methods.getJobChangelog, { ...key, pageToken: 'x' })).rejects.toThrow(
      'page_token',
    );
  });

  it('can be turned back, which makes a new one', async () => {
    const { client } = await setUp();
    const key = { projectName: 'sky', jobName: 'one' };
    await client.call(methods.updateJobSpecifications, {
      ...space,
      specs: [makeJob('one', { owner: 'grace' })],
    });
    expect(await client.call(methods.rollbackJob, { ...key, number: 1 })).toMatchObject({ number: 3 });
    const [now, first] = [
      await client.call(methods.getJobVersion, { ...key, number: 3 }),
      await client.call(methods.getJobVersion, { ...key, number: 1 }),
    ];
    expect(now.spec).toEqual(first.spec);
    expect(now.version?.contentHash).toBe(first.version?.contentHash);
  });

  it('names the newest when one is asked for that never was', async () => {
    const { client } = await setUp();
    const missing = { projectName: 'sky', jobName: 'one', number: 7 };
    await expect(client.call(methods.rollbackJob, missing)).rejects.toThrow(/no version 7, its newest is 1/);
  });
});

describe('several jobs at once', () => {
  it('are added only when none is deployed, updated only when all are', async () => {
    const { client } = await setUp();
    const specs = [makeJob('one'), makeJob('four')];
    const request = { ...space, specs };
    await expect(client.call(methods.addJobSpecifications, request)).rejects.toThrow(/already deployed.*one/);
    await expect(client.call(methods.updateJobSpecifications, request)).rejects.toThrow(/not deployed.*four/);
    expect(await client.call(methods.upsertJobSpecifications, request)).toMatchObject({
      successfulJobNames: ['four'],
      skippedJobNames: ['one'],
    });
  });

  it('are deleted together', async () => {
    const { client } = await setUp();
    const jobs = ['one', 'two'].map((jobName) => ({ namespaceName: 'space', jobName }));
    const { resultsByJobName } = await client.call(methods.bulkDeleteJobs, { projectName: 'sky', jobs });
    expect(resultsByJobName).toMatchObject({ one: { success: true }, two: { success: true } });
    const { jobs: left } = await client.call(methods.listJobSpecification, space);
    expect(left.map(({ name }) => name)).toEqual(['three']);
  });

  it('are found without their assets when nobody wants them', async () => {
    const { client } = await setUp();
    await client.call(methods.upsertJobSpecifications, {
      ...space,
      specs: [makeJob('one', { assets: { a: 'b' } })],
    });
    const find = async (ignoreAssets: boolean) => {
      const request = { projectName: 'sky', jobName: 'one', ignoreAssets };
      const { jobSpecificationResponses } = await client.call(methods.getJobSpecifications, request);
      return jobSpecificationResponses[0]?.job?.assets;
    };
    expect([await find(false), await find(true)]).toEqual([{ a: 'b' }, {}]);
  });
});

describe('moving a job', () => {
  it('takes it to another namespace with its versions', async () => {
    const { client, deps } = await setUp();
    await client.call(core.NamespaceService.method.registerProjectNamespace, {
      projectName: 'sky',
      namespace: { name: 'orbit', config: {} },
    });
    const move = { ...space, newNamespaceName: 'orbit', jobName: 'one' };
    await client.call(methods.changeJobNamespace, move);
    const [job] = await deps.jobs.list({ name: parseJobName('one') });
    expect(job?.namespace).toBe('orbit');
    await expect(
      client.call(methods.changeJobNamespace, { ...move, namespaceName: 'orbit' }),
    ).rejects.toThrow(/is in namespace "orbit" already/);
  });
});

describe('validating', () => {
  it('answers each stage, and what it found', async () => {
    const { client } = await setUp();
    const jobs = [makeJob('good'), makeJob('bad', { owner: '' })];
    const { resultsByJobName } = await client.call(methods.validate, {
      ...space,
      payload: { case: 'fromOutside', value: { jobs } },
    });
    const stages = resultsByJobName['good']?.results ?? [];
    expect(stages.map(({ name }) => name).slice(0, 3)).toEqual([
      'tenant validation',
      'specification validation',
      'cyclic validation',
    ]);
    expect(stages.every(({ success }) => success)).toBe(true);
    expect(stages[0]?.messages).toEqual(['current tenant is [sky.space]']);
    const failed = resultsByJobName['bad']?.results.filter(({ success }) => !success);
    expect(failed).toMatchObject([{ name: 'specification validation', messages: [/owner must have/] }]);
  });

  it('says whether deployed jobs could be deleted', async () => {
    const { client, deps } = await setUp();
    const value = { jobNames: ['three'], deletionMode: true };
    const request = { ...space, payload: { case: 'fromServer', value } } as const;
    const { resultsByJobName } = await client.call(methods.validate, request);
    expect(resultsByJobName).toMatchObject({
      three: { results: [{ name: 'deletion validation', messages: ['job is safe for deletion'] }] },
    });
    expect(await deps.jobs.list({})).toHaveLength(3);
  });

  it('refuses a request for nothing, and one for the same job twice', async () => {
    const { client } = await setUp();
    await expect(client.call(methods.validate, space)).rejects.toThrow(/both empty/);
    const payload = { case: 'fromServer' as const, value: { jobNames: ['one', 'one'] } };
    await expect(client.call(methods.validate, { ...space, payload })).rejects.toThrow(
      /the following jobs are duplicated: \[one\]/,
    );
  });
});

describe('a project as a graph', () => {
  it('has the jobs, their labels, and who waits for whom', async () => {
    const { client } = await setUp();
    const { jobs, edges } = await client.call(methods.getJobGraph, { projectName: 'sky' });
    expect(jobs.map(({ jobName, labels }) => [jobName, labels])).toContainEqual([
      'one',
      { orchestrator: 'optimus' },
    ]);
    expect(edges).toContainEqual(expect.objectContaining({ jobName: 'two', upstreamJobName: 'one' }));
  });
});

describe('refreshing', () => {
  it('of a job that is not deployed is refused with the nearest name', async () => {
    const { client } = await setUp();
    const { error } = await collect(
      client.stream(methods.refreshJobs, { projectName: 'sky', jobNames: ['thre'] }),
    );
    expect(error?.message).toMatch(/job "thre" is not deployed in project "sky", did you mean "three"\?/);
  });

  it('asks anew what each job reads, without a new version', async () => {
    const { client, deps } = await setUp();
    const { answers, error } = await collect(
      client.stream(methods.refreshJobs, { projectName: 'sky', jobNames: ['one'] }),
    );
    expect(error).toBeUndefined();
    expect(answers).toMatchObject([{ success: true, jobName: 'one', message: 'nothing changed' }]);
    expect((await deps.jobs.list({ name: parseJobName('one') }))[0]?.contentHash).toBeDefined();
  });
});
