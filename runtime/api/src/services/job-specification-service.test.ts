import { create } from '@bufbuild/protobuf';
import { type JobSpec, parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';

const methods = core.JobSpecificationService.method;

function makeJob(name: string, overrides: Partial<JobSpec> = {}): core.JobSpecification {
  return toJobSpecification(makeJobSpec({ name: parseJobName(name), ...overrides }));
}

async function setUp() {
  const deps = makeMemoryDeps();
  const rig = await startApi({ deps });
  const client = new GrpcTestClient(rig.port, { 'x-author': 'ada' });
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });
  return { ...rig, deps, client };
}

async function deploy(client: GrpcTestClient, namespaces: Record<string, readonly core.JobSpecification[]>) {
  const stream = client.bidi(methods.deployJobSpecification);
  for (const [namespaceName, jobs] of Object.entries(namespaces)) {
    const message = { projectName: 'sky', namespaceName, jobs: [...jobs] };
    stream.write(create(core.DeployJobSpecificationRequestSchema, message));
  }
  stream.end();
  return collect(stream);
}

const space = { projectName: 'sky', namespaceName: 'space' };

describe('deploying', () => {
  it('makes the namespace hold exactly the jobs sent, and counts what changed', async () => {
    const { client } = await setUp();
    const first = await deploy(client, { space: [makeJob('one'), makeJob('two')] });
    expect(first).toMatchObject({
      error: undefined,
      answers: [
        {
          success: true,
          ack: true,
          message:
            'jobs with namespace [space] are deployed successfully: 2 created, 0 changed, 0 unchanged, 0 deleted',
          jobName: '',
        },
      ],
    });
    const second = await deploy(client, { space: [makeJob('two'), makeJob('six', { owner: 'grace' })] });
    expect(second.answers[0]?.message).toMatch(/1 created, 0 changed, 1 unchanged, 1 deleted$/);
    const { jobs } = await client.call(methods.listJobSpecification, space);
    expect(jobs.map(({ name }) => name)).toEqual(['six', 'two']);
  });

  it('changes nothing when a job is wrong, and tells the problems of every wrong job', async () => {
    const { client } = await setUp();
    await deploy(client, { space: [makeJob('kept')] });
    const { answers, error } = await deploy(client, {
      space: [
        makeJob('good'),
        makeJob('bad-owner', { owner: '' }),
        { ...makeJob('six'), name: 'no good name' },
      ],
    });
    const problems = answers.filter(({ ack }) => !ack);
    expect(problems.map(({ jobName, success }) => [jobName, success])).toEqual([
      ['no good name', false],
      ['bad-owner', false],
    ]);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      /name "no good name" is not valid[^]*owner must have/,
    );
    expect(answers.at(-1)).toMatchObject({
      success: false,
      ack: true,
      message: 'namespace [space] is not deployed: 2 of 3 jobs are refused, nothing is changed',
    });
    expect(error).toMatchObject({ code: 3, message: 'error when deploying: [space]' });
    const { jobs } = await client.call(methods.listJobSpecification, space);
    expect(jobs.map(({ name }) => name)).toEqual(['kept']);
  });

  it('goes on with the next namespace when one is unknown', async () => {
    const { client } = await setUp();
    const { answers, error } = await deploy(client, {
      nowhere: [makeJob('lost')],
      space: [makeJob('found')],
    });
    expect(answers.map(({ success, ack }) => [success, ack])).toEqual([
      [false, true],
      [true, true],
    ]);
    expect(answers[0]?.message).toMatch(/^namespace \[nowhere\] is not deployed: .*not registered/);
    expect(error?.message).toBe('error when deploying: [nowhere]');
  });

  it('answers nothing to a client that sends nothing', async () => {
    const { client } = await setUp();
    expect(await deploy(client, {})).toEqual({ answers: [], error: undefined });
  });

  it('passes a namespace of many megabytes', async () => {
    const { client } = await setUp();
    const jobs = Array.from({ length: 8 }, (_, index) =>
      makeJob(`large-${index}`, { assets: { 'query.sql': `-- ${index}\n`.repeat(300_000) } }),
    );
    const { answers } = await deploy(client, { space: jobs });
    expect(answers).toMatchObject([{ success: true }]);
  });
});

describe('one job', () => {
  it('is created, read, found and deleted', async () => {
    const { client, deps } = await setUp();
    const spec = makeJob('one');
    const created = await client.call(methods.createJobSpecification, { ...space, spec });
    expect(created).toMatchObject({ success: true, message: 'job one is deployed in namespace space' });
    expect((await client.call(methods.getJobSpecification, { ...space, jobName: 'one' })).spec).toEqual(spec);
    const found = await client.call(methods.getJobSpecifications, { jobName: 'one' });
    expect(found.jobSpecificationResponses).toMatchObject([{ ...space, job: { name: 'one' } }]);
    await client.call(methods.deleteJobSpecification, { ...space, jobName: 'one' });
    await expect(
      client.call(methods.getJobSpecification, { ...space, jobName: 'one' }),
    ).rejects.toMatchObject({ code: 5 });
    expect('applied' in deps.jobs && deps.jobs.applied).toMatchObject([{ author: 'ada' }, { author: 'ada' }]);
  });

  it('is refused with every problem when it is wrong', async () => {
    const { client } = await setUp();
    const spec = makeJob('one', { owner: '', version: 9 });
    await expect(client.call(methods.createJobSpecification, { ...space, spec })).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/one: version is 9[^]*one: owner must/),
    });
    await expect(client.call(methods.createJobSpecification, space)).rejects.toMatchObject({
      code: 3,
      message: 'spec is missing',
    });
  });

  it('is found by what it writes', async () => {
    const { client, deps } = await setUp();
    const asked: unknown[] = [];
    const list = deps.jobs.list.bind(deps.jobs);
    deps.jobs.list = (filter) => {
      asked.push(filter);
      return list(filter);
    };
    await client.call(methods.getJobSpecifications, { resourceDestination: 'bigquery://p:d.t' });
    expect(asked).toEqual([{ destination: 'bigquery://p:d.t' }]);
  });
});

describe('checking', () => {
  it('tells of each job whether it could be deployed, and stores none', async () => {
    const { client } = await setUp();
    const jobs = [makeJob('good'), makeJob('bad', { task: { ...makeJobSpec().task, name: 'noe' } })];
    const { answers, error } = await collect(
      client.stream(methods.checkJobSpecifications, { ...space, jobs }),
    );
    expect(error).toBeUndefined();
    expect(answers).toMatchObject([
      { success: true, ack: false, jobName: 'good' },
      { success: false, ack: false, jobName: 'bad', message: expect.stringContaining('did you mean "neo"?') },
      { success: false, ack: true, message: '1 of 2 jobs are not valid' },
    ]);
    expect((await client.call(methods.listJobSpecification, space)).jobs).toEqual([]);
  });

  it('checks one job over REST as well', async () => {
    const { url } = await setUp();
    const job = {
      version: 1,
      name: 'one',
      owner: 'ada',
      startDate: '2024-01-01',
      taskName: 'neo',
      windowSize: '24h',
      windowOffset: '0',
      windowTruncateTo: 'd',
    };
    const check = (body: object) =>
      fetch(`${url}/api/v1beta1/project/sky/job/check`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ namespace_name: 'space', job: body }),
      });
    expect(await (await check(job)).json()).toEqual({ success: true, message: 'job one is valid' });
    const refused = await check({ ...job, interval: '61 * * * *' });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('one: schedule.interval'),
    ]);
  });
});
