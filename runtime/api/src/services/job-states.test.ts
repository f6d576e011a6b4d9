import { parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core } from '@optimus/proto';
import { expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, makeRunList, startApi } from '../testing/api-rig.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';

/** A server with the jobs `one` and `two`, whose store notes what is paused. */
async function setUp() {
  const asked: unknown[] = [];
  const runs = Object.assign(makeRunList([]), {
    setPaused: async ({ job }: { readonly job: string }, isPaused: boolean) =>
      asked.push([job, isPaused]) > 0,
  });
  const rig = await startApi({ deps: makeMemoryDeps({ runs }) });
  const client = new GrpcTestClient(rig.port);
  await client.call(core.ProjectService.method.registerProject, {
    project: { name: 'sky', config: {} },
    namespace: { name: 'space', config: {} },
  });
  const specs = ['one', 'two'].map((name) => toJobSpecification(makeJobSpec({ name: parseJobName(name) })));
  const space = { projectName: 'sky', namespaceName: 'space' };
  await client.call(core.JobSpecificationService.method.addJobSpecifications, { ...space, specs });
  const send = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const url = `${rig.url}/api/v1beta1/project/sky/${path}`;
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.text() };
  };
  return { asked, send };
}

const UPDATE = 'namespace/space/update-job-state';
const SYNC = 'namespace/space/sync-job-state';

it('pauses and resumes several jobs', async () => {
  const { asked, send } = await setUp();
  const names = { job_names: ['one', 'two'], remark: 'holidays' };
  expect(await send('PATCH', UPDATE, { ...names, state: 'JOB_STATE_DISABLED' })).toEqual({
    status: 200,
    body: '{}',
  });
  expect((await send('PATCH', UPDATE, { ...names, state: 'ENABLED' })).status).toBe(200);
  expect(asked).toEqual([
    ['one', true],
    ['two', true],
    ['one', false],
    ['two', false],
  ]);
});

it('gives each job the state that is named for it', async () => {
  const { asked, send } = await setUp();
  const states = [
    { job_name: 'one', state: 'JOB_STATE_DISABLED' },
    { jobName: 'two', state: 'JOB_STATE_ENABLED' },
  ];
  expect((await send('PATCH', SYNC, { job_states: states })).status).toBe(200);
  expect(asked).toEqual([
    ['one', true],
    ['two', false],
  ]);
});

it.each([
  ['a job that is not deployed', UPDATE, { job_names: ['one', 'tow'], state: 'DISABLED' }, 404, 'tow'],
  ['no state', UPDATE, { job_names: ['one'] }, 400, 'state is not given'],
  ['a state that there is not', UPDATE, { job_names: ['one'], state: 'DISABELD' }, 400, 'DISABELD'],
  ['no state of a job', SYNC, { job_states: [{ job_name: 'one' }] }, 400, 'job_states[0].state is not given'],
  ['another namespace', 'namespace/nope/update-job-state', { job_names: [], state: 'DISABLED' }, 404, 'nope'],
] as const)('changes nothing for %s', async (_what, path, body, status, told) => {
  const { asked, send } = await setUp();
  expect(await send('PATCH', path, body)).toEqual({ status, body: expect.stringContaining(told) });
  expect(asked).toEqual([]);
});

it('deletes the jobs that the body of a DELETE names', async () => {
  const { send } = await setUp();
  const jobs = [{ namespace_name: 'space', job_name: 'one' }];
  const answer = await send('DELETE', 'job/bulk-delete', { jobs });
  expect(answer).toEqual({ status: 200, body: expect.stringContaining('is deleted') });
  expect((await send('DELETE', 'job/bulk-delete', { jobs })).status).toBe(404);
});
