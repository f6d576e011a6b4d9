import { beforeEach, describe, expect, it } from 'vitest';
import { registerNamespace } from '../namespace/register-namespace.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
  type InMemoryJobs,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import type { DeployDeps } from './check-jobs.ts';
import { type DeployResult, deployJobs, saveJob } from './deploy-jobs.ts';
import { deleteJob, getJob, listJobs } from './get-job.ts';
import { NO_RESOURCES } from './job-edge.ts';
import { parseJobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';

const NOW = new Date('2024-01-01T00:00:00Z');
let deps: DeployDeps & { readonly jobs: InMemoryJobs };

beforeEach(async () => {
  const projects = createInMemoryProjects();
  const namespaces = createInMemoryNamespaces(projects);
  const plugins = createInMemoryPlugins([makePluginInfo()]);
  deps = {
    projects,
    namespaces,
    plugins,
    others: { names: [] },
    jobs: createInMemoryJobs(),
    computeWindow: computeDayWindow,
    findTemplateProblems: () => [],
    findMissingValues: () => [],
    inferResources: async () => ({ ...NO_RESOURCES, problems: [] }),
    now: () => NOW,
  };
  await registerProject(deps, { name: 'space', config: {} });
  await registerNamespace(deps, { project: 'space', name: 'sky', config: {} });
  await registerNamespace(deps, { project: 'space', name: 'sea', config: {} });
});

function named(name: string, overrides: Partial<JobSpec> = {}): JobSpec {
  return makeJobSpec({ name: parseJobName(name), ...overrides });
}

function deploy(
  jobs: readonly JobSpec[],
  options: { namespace?: string; isComplete?: boolean } = {},
): Promise<DeployResult> {
  const { namespace = 'sky', isComplete = true } = options;
  return deployJobs(deps, { project: 'space', namespace, jobs, isComplete, author: 'ada' });
}

async function deployedNames(namespace: string): Promise<string[]> {
  const jobs = await listJobs(deps, { project: 'space', namespace });
  return jobs.map(({ spec }) => spec.name);
}

describe('a deployment', () => {
  it('refuses a job whose templates do not parse, and stores nothing', async () => {
    const problem = { path: 'neo.config.A', message: 'unclosed action' };
    deps = { ...deps, findTemplateProblems: ({ name }) => (name === 'b_job' ? [problem] : []) };
    const { refused } = await deploy([named('a_job'), named('b_job')]);
    expect(refused).toEqual([{ name: 'b_job', problems: [problem] }]);
    expect(await deployedNames('sky')).toEqual([]);
  });

  it('creates, changes, keeps and deletes as the given jobs say', async () => {
    await deploy([named('one'), named('two'), named('three')]);
    const result = await deploy([named('one'), named('two', { description: 'new' }), named('four')]);
    expect(result).toEqual({
      created: ['four'],
      changed: ['two'],
      unchanged: ['one'],
      deleted: ['three'],
      refused: [],
    });
    expect(await deployedNames('sky')).toEqual(['four', 'one', 'two']);
  });

  it('orders the hooks of a job as their plugins say, and refuses one that is not installed', async () => {
    const hook = makePluginInfo({ name: 'check', kind: 'hook', hookType: 'pre' });
    deps = { ...deps, plugins: createInMemoryPlugins([makePluginInfo(), hook]) };
    await deploy([named('one', { hooks: [{ name: 'check', config: [] }] })]);
    expect(deps.jobs.applied[0]?.upserts[0]?.instances).toEqual([
      { type: 'hook', name: 'check', role: 'pre', position: 0 },
      { type: 'task', name: 'neo', role: 'task', position: 1 },
    ]);
    const { refused } = await deploy([named('one', { hooks: [{ name: 'chekc', config: [] }] })]);
    expect(refused[0]?.problems).toEqual([
      { path: 'hooks.chekc', message: expect.stringContaining('did you mean "check"?') },
    ]);
  });

  it('stores nothing when nothing changed', async () => {
    await deploy([named('one')]);
    await deploy([named('one')]);
    expect(deps.jobs.applied).toHaveLength(1);
  });

  it('leaves other jobs alone when it is not complete', async () => {
    await deploy([named('one')]);
    const result = await deploy([named('two')], { isComplete: false });
    expect(result.deleted).toEqual([]);
    expect(await deployedNames('sky')).toEqual(['one', 'two']);
  });

  it('leaves other namespaces alone', async () => {
    await deploy([named('one')], { namespace: 'sea' });
    await deploy([]);
    expect(await deployedNames('sea')).toEqual(['one']);
  });

  it('records who made it', async () => {
    await deploy([named('one')]);
    expect(deps.jobs.applied[0]).toMatchObject({
      project: 'space',
      upserts: [{ namespace: 'sky' }],
      author: 'ada',
    });
  });

  it('sets the cursor to the first run, and after a change to the tick after the newest planned one', async () => {
    await deploy([named('one')]);
    deps.jobs.setLastScheduledAt('one', new Date('2022-09-20T02:00:00Z'));
    await deploy([named('one', { description: 'new' })]);
    const cursors = deps.jobs.applied.map(({ upserts }) => upserts[0]?.nextScheduledAt?.toISOString());
    expect(cursors).toEqual(['2022-09-19T02:00:00.000Z', '2022-09-21T02:00:00.000Z']);
  });
});

describe('a refused job', () => {
  it('keeps the whole deployment from being stored, and deletes nothing', async () => {
    await deploy([named('one'), named('two')]);
    const result = await deploy([named('one', { description: 'new' }), named('bad', { owner: '' })]);
    expect(result.refused.map(({ name }) => name)).toEqual(['bad']);
    expect(result).toMatchObject({ created: [], changed: [], deleted: [] });
    expect(await deployedNames('sky')).toEqual(['one', 'two']);
  });

  it('may lack its plugin', async () => {
    const { task } = makeJobSpec();
    const result = await deploy([named('one', { task: { ...task, name: 'noe' } })]);
    expect(result.refused[0]?.problems).toEqual([
      {
        path: 'task.name',
        message: '"noe" is no task plugin of the server (installed: neo), did you mean "neo"?',
      },
    ]);
  });

  it('may bear the name of a job of another namespace', async () => {
    await deploy([named('one')], { namespace: 'sea' });
    const result = await deploy([named('one')]);
    expect(result.refused[0]?.problems[0]?.message).toContain('already a job of namespace "sea"');
  });

  it('may be given twice', async () => {
    const result = await deploy([named('one'), named('one', { description: 'again' })]);
    expect(result.refused.map(({ problems }) => problems[0]?.message)).toEqual([
      '"one" is used by more than one job',
      '"one" is used by more than one job',
    ]);
  });

  it('makes saving it alone throw every problem', async () => {
    const saving = saveJob(deps, {
      project: 'space',
      namespace: 'sky',
      author: '',
      job: named('bad', { owner: '', version: 7 }),
    });
    await expect(saving).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: 'bad: version is 7, must be 1, 2 or 3\nbad: owner must have 3 to 1024 characters',
    });
  });
});

describe('unknown addresses', () => {
  it('name the nearest project, namespace and job', async () => {
    await deploy([named('near-earth-objects')]);
    await expect(getJob(deps, { project: 'spaec', job: 'abc' })).rejects.toThrow('did you mean "space"?');
    await expect(deploy([], { namespace: 'sku' })).rejects.toThrow('did you mean "sky"?');
    await expect(getJob(deps, { project: 'space', job: 'near-earth-object' })).rejects.toMatchObject({
      code: 'JOB_NOT_FOUND',
      message: expect.stringContaining('did you mean "near-earth-objects"?'),
    });
  });

  it('include a job asked for in the wrong namespace', async () => {
    await deploy([named('one')]);
    const address = { project: 'space', namespace: 'sea', job: 'one' };
    await expect(getJob(deps, address)).rejects.toThrow('job "one" is not deployed in namespace "sea"');
  });
});

it('deletes one job and leaves the others', async () => {
  await deploy([named('one'), named('two')]);
  await deleteJob(deps, { project: 'space', namespace: 'sky', job: 'one' }, { author: 'ada' });
  expect(await deployedNames('sky')).toEqual(['two']);
  await expect(
    deleteJob(deps, { project: 'space', namespace: 'sky', job: 'one' }, { author: 'ada' }),
  ).rejects.toMatchObject({
    code: 'JOB_NOT_FOUND',
  });
});
