import { deployJobs, registerNamespace, registerProject } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';

const spec = makeJobSpec();

let url: string;

beforeEach(async () => {
  const deps = makeMemoryDeps();
  await registerProject(deps, { name: 'sky', config: {} });
  await registerNamespace(deps, { project: 'sky', name: 'space', config: {} });
  const request = { project: 'sky', namespace: 'space', isComplete: true, author: '' };
  await deployJobs(deps, { ...request, jobs: [spec] });
  ({ url } = await startApi({ deps }));
});

async function render(job: string, body: object) {
  const response = await fetch(`${url}/api/v1beta1/project/sky/namespace/space/job/${job}/render`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('POST …/job/{job}/render', () => {
  it('answers what the deployed job would see at a tick', async () => {
    const { status, body } = await render(spec.name, { scheduled_at: '2022-09-19T02:00:00Z' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scheduledAt: '2022-09-19T02:00:00Z',
      windowStart: '2022-09-18T00:00:00Z',
      windowEnd: '2022-09-19T00:00:00Z',
      instances: [{ name: 'neo', type: 'TYPE_TASK', context: { files: { 'query.sql': 'SELECT 1' } } }],
    });
  });

  it('answers for a job that is not deployed but given', async () => {
    const given = { name: 'other', version: 1, taskName: 'neo', interval: '0 2 * * *' };
    const { status, body } = await render('other', { spec: { ...given, startDate: '2022-09-18' } });
    expect([status, body.scheduledAt]).toEqual([200, '2022-09-20T02:00:00Z']);
  });

  it('refuses a job that is neither, and one given under another name', async () => {
    expect((await render('other', {})).status).toBe(404);
    const { name, taskName } = toJobSpecification(spec);
    const { status, body } = await render('other', { spec: { name, taskName } });
    expect(status).toBe(400);
    expect(body.message).toContain(`job_name is "other", but spec is of job "${spec.name}"`);
  });
});

describe('the presets of a project', () => {
  const register = async (presets: object) => {
    const response = await fetch(`${url}/api/v1beta1/project`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ project: { name: 'sky', presets } }),
    });
    return response.json();
  };

  it('are replaced by its registration, which tells the change, and answered with it', async () => {
    await register({ day: { size: '1d' }, month: { size: '1M' } });
    expect(await register({ Day: { size: '2d', shift_by: '-1d' }, year: { size: '1y' } })).toMatchObject({
      presetChange: { created: ['year'], changed: ['day'], deleted: ['month'], kept: [] },
    });
    const answer = JSON.parse(await (await fetch(`${url}/api/v1beta1/project/sky`)).text());
    expect(answer.project.presets).toMatchObject({ day: { name: 'day', size: '2d', shiftBy: '-1d' } });
    expect(Object.keys(answer.project.presets)).toEqual(['day', 'year']);
  });
});
