import { parseJobName } from '@optimus/domain';
import { createInMemoryJobs, createInMemoryLineages, makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';

const lineage = {
  columns: [
    {
      name: 'total',
      sources: [{ urn: 'bigquery://p:d.raw', column: 'x', transform: 'aggregation' as const }],
    },
    { name: 'day', sources: [] },
  ],
  influences: [{ urn: 'bigquery://p:d.raw', column: 'day', how: 'filter' as const }],
  isComplete: true,
  problems: ['a reason'],
};

async function setUp() {
  const jobs = createInMemoryJobs();
  const given = { one: { destination: 'bigquery://p:d.one', lineage } };
  const deps = makeMemoryDeps({ jobs, lineages: createInMemoryLineages(jobs, given) });
  const rig = await startApi({ deps });
  const client = new GrpcTestClient(rig.port, { 'x-author': 'ada' });
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });
  const specs = ['one', 'two'].map((name) => toJobSpecification(makeJobSpec({ name: parseJobName(name) })));
  const { addJobSpecifications } = core.JobSpecificationService.method;
  await client.call(addJobSpecifications, { projectName: 'sky', namespaceName: 'space', specs });
  const ask = async (path: string) => {
    const response = await fetch(`${rig.url}/api/v1/project/sky/job/${path}`);
    return { status: response.status, body: await response.json() };
  };
  return { ask };
}

describe('the lineage of a job', () => {
  it('is told over REST, column by column', async () => {
    const { ask } = await setUp();
    const { body } = await ask('one/lineage');
    expect(body).toMatchObject({
      jobName: 'one',
      versionNumber: 1,
      destination: 'bigquery://p:d.one',
      ...lineage,
    });
    expect(body).toMatchObject({ isPending: false, steps: [] });
  });

  it('says that it waits to be computed', async () => {
    const { ask } = await setUp();
    expect((await ask('two/lineage')).body).toMatchObject({ isPending: true, columns: [] });
  });

  it('follows a column, whatever its case', async () => {
    const { ask } = await setUp();
    const { body } = await ask('one/lineage?column=TOTAL');
    expect(body).toMatchObject({
      steps: [
        {
          level: 1,
          source: { urn: 'bigquery://p:d.raw', column: 'x', jobName: '' },
          target: { urn: 'bigquery://p:d.one', column: 'total', jobName: 'one' },
          how: 'aggregation',
        },
      ],
    });
  });

  it.each([
    ['none/lineage', 404, /none.* is not deployed/],
    ['one/lineage?version_number=7', 404, /has no version 7/],
    ['one/lineage?column=totl', 400, /writes no column .*totl.*did you mean/],
    ['one/lineage?column=total&direction=sideways', 400, /sideways.* is no direction/],
    ['one/lineage?column=total&depth=101', 400, /depth is 101/],
    ['one/lineage?column=total&version_number=1', 400, /deployed version/],
  ])('refuses %s', async (path, status, message) => {
    const { ask } = await setUp();
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(message);
  });
});
