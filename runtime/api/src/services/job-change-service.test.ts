import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type JobSpec, parseJobName, toJobContentHash } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';

const { listJobDigests, changeJobs } = core.JobChangeService.method;

type Part = MessageInitShape<typeof core.ChangeJobsRequestSchema>['part'];
type Upsert = MessageInitShape<typeof core.JobUpsertSchema>;

function specOf(name: string, overrides: Partial<JobSpec> = {}): JobSpec {
  return makeJobSpec({ name: parseJobName(name), ...overrides });
}

function upsert(name: string, overrides: Partial<JobSpec> & { readonly change?: Upsert } = {}): Upsert {
  const { change = {}, ...spec } = overrides;
  return { namespaceName: 'space', spec: toJobSpecification(specOf(name, spec)), ...change };
}

async function setUp() {
  const deps = makeMemoryDeps();
  const rig = await startApi({ deps });
  const client = new GrpcTestClient(rig.port, { 'x-author': 'ada' });
  const register = core.ProjectService.method.registerProject;
  await client.call(register, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });

  async function send(...parts: readonly Part[]) {
    const stream = client.bidi(changeJobs);
    for (const part of parts) if (part) stream.write(create(core.ChangeJobsRequestSchema, { part }));
    stream.end();
    const { answers, error } = await collect(stream);
    const refusals = answers.flatMap(({ part }) => (part.case === 'refusal' ? [part.value] : []));
    const summary = answers.flatMap(({ part }) => (part.case === 'summary' ? [part.value] : [])).at(-1);
    return { refusals, summary, error };
  }

  const change = (
    batch: MessageInitShape<typeof core.JobBatchSchema>,
    how: MessageInitShape<typeof core.ChangeHeaderSchema> = {},
  ) => send({ case: 'header', value: { projectName: 'sky', ...how } }, { case: 'batch', value: batch });
  const listNames = async () => {
    const { digests } = await client.call(listJobDigests, { projectName: 'sky' });
    return digests.map(({ jobName }) => jobName);
  };
  return { ...rig, client, send, change, listNames };
}

describe('changing jobs', () => {
  it('stores and deletes what the batches hold, over any number of messages', async () => {
    const { send, change, listNames } = await setUp();
    await change({ upserts: [upsert('old')] });
    const { summary, error } = await send(
      { case: 'header', value: { projectName: 'sky' } },
      { case: 'batch', value: { upserts: [upsert('one')] } },
      {
        case: 'batch',
        value: { upserts: [upsert('two')], deletions: [{ namespaceName: 'space', jobName: 'old' }] },
      },
    );
    expect(error).toBeUndefined();
    expect(summary).toMatchObject({ isStored: true, created: ['one', 'two'], deleted: ['old'], gained: [] });
    expect(await listNames()).toEqual(['one', 'two']);
  });

  it('is held by a refused job, and says what is wrong with every one', async () => {
    const { change, listNames } = await setUp();
    const unreadable = { namespaceName: 'space', spec: { ...upsert('any').spec, name: 'a b' } };
    const { refusals, summary, error } = await change({
      upserts: [upsert('good'), upsert('bad', { owner: '' }), unreadable],
    });
    expect(refusals.map(({ jobName }) => jobName)).toEqual(['a b', 'bad']);
    expect(refusals.find(({ jobName }) => jobName === 'bad')?.problems).toMatchObject([{ path: 'owner' }]);
    expect(summary?.isStored).toBe(false);
    expect(error?.message).toContain('2 jobs are refused, nothing is changed');
    expect(await listNames()).toEqual([]);
  });

  it('stores the good jobs when it is partial', async () => {
    const { change, listNames } = await setUp();
    const { summary, error } = await change(
      { upserts: [upsert('good'), upsert('bad', { owner: '' })] },
      { isPartial: true },
    );
    expect(summary).toMatchObject({ isStored: true, created: ['good'] });
    expect(error?.message).toContain('1 job is refused, the others are stored');
    expect(await listNames()).toEqual(['good']);
  });

  it('stores nothing in a dry run', async () => {
    const { change, listNames } = await setUp();
    const { summary, error } = await change({ upserts: [upsert('one')] }, { isDryRun: true });
    expect(error).toBeUndefined();
    expect(summary).toMatchObject({ isStored: false, created: ['one'] });
    expect(await listNames()).toEqual([]);
  });

  it('stores nothing when the stream breaks before its end', async () => {
    const { client, listNames } = await setUp();
    const stream = client.bidi(changeJobs);
    const ended = collect(stream);
    const parts: readonly Part[] = [
      { case: 'header', value: { projectName: 'sky' } },
      { case: 'batch', value: { upserts: [upsert('one')] } },
    ];
    for (const part of parts) if (part) stream.write(create(core.ChangeJobsRequestSchema, { part }));
    await new Promise((resolve) =>
      stream.write(create(core.ChangeJobsRequestSchema, { part: { case: 'batch', value: {} } }), resolve),
    );
    stream.cancel();
    await ended;
    expect(await listNames()).toEqual([]);
  });

  it.each<[string, readonly Part[]]>([
    ['nothing', []],
    ['batch', [{ case: 'batch', value: {} }]],
    [
      'header',
      [
        { case: 'header', value: { projectName: 'sky' } },
        { case: 'header', value: { projectName: 'sky' } },
      ],
    ],
  ])('is refused when it begins or goes on with %s', async (found, parts) => {
    const { send } = await setUp();
    expect((await send(...parts)).error?.message).toContain(`found ${found}`);
  });
});

describe('digests', () => {
  it('tell the content of each job, and are not told again at a known revision', async () => {
    const { client, change, url } = await setUp();
    const { summary } = await change({ upserts: [upsert('one')] });
    const { digests, revision } = await client.call(listJobDigests, { projectName: 'sky' });
    expect(digests).toMatchObject([
      { namespaceName: 'space', jobName: 'one', contentHash: toJobContentHash(specOf('one')) },
    ]);
    expect(revision).toBe(summary?.revision);
    const again = await client.call(listJobDigests, { projectName: 'sky', knownRevision: revision });
    expect(again).toMatchObject({ isKnown: true, revision, digests: [] });
    const rest = await fetch(`${url}/api/v1/project/sky/job-digests?knownRevision=${revision}`);
    expect(await rest.json()).toMatchObject({ revision, isKnown: true });
  });
});
