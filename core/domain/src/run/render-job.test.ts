import { beforeEach, describe, expect, it } from 'vitest';
import { deployJobs } from '../job/deploy-jobs.ts';
import { NO_RESOURCES } from '../job/job-edge.ts';
import type { JobSpec } from '../job/job-spec.ts';
import { registerNamespace } from '../namespace/register-namespace.ts';
import { registerProject } from '../project/register-project.ts';
import { createSecret } from '../secret/manage-secrets.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
  createInMemorySecrets,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import { type RenderOnServerDeps, type RenderRequest, renderOnServer } from './render-job.ts';
import type { CompileRunContext } from './run-context.ts';

const NOW = new Date('2022-09-19T12:00:00.5Z');
const spec = makeJobSpec({ assets: { 'q.sql': 'select' } });

/** Tells what it was given. */
const compileRunContext: CompileRunContext = ({
  instance,
  secrets,
  window,
  executionTime,
  assets,
  project,
}) => ({
  envs: {
    INSTANCE: `${instance.type}.${instance.name}`,
    DSTART: window.start.toISOString(),
    EXECUTION_TIME: executionTime.toISOString(),
    ...project.config,
  },
  secrets,
  files: assets,
  warnings: [],
});

let deps: RenderOnServerDeps;

beforeEach(async () => {
  const projects = createInMemoryProjects();
  const secrets = createInMemorySecrets();
  const plugins = createInMemoryPlugins([makePluginInfo()], (assets) =>
    assets.map(({ name, value }) => ({ name, value: `${value} 1` })),
  );
  const world = { projects, namespaces: createInMemoryNamespaces(projects), plugins, secrets };
  const common = { jobs: createInMemoryJobs(), computeWindow: computeDayWindow, now: () => NOW };
  deps = { ...world, ...common, compileRunContext };
  await registerProject({ ...world, ...common }, { name: 'space', config: { a: 'b' } });
  for (const name of ['sky', 'sea']) await registerNamespace(world, { project: 'space', name, config: {} });
  await deployJobs(
    {
      ...world,
      ...common,
      others: { names: [] },
      findTemplateProblems: () => [],
      findMissingValues: () => [],
      inferResources: async () => ({ ...NO_RESOURCES, problems: [] }),
    },
    { project: 'space', namespace: 'sky', jobs: [spec], isComplete: true, author: '' },
  );
  for (const [namespace, name] of [
    ['', 'API_KEY'],
    ['sky', 'OWN'],
    ['sea', 'OTHER'],
  ] as const) {
    await createSecret(world, { project: 'space', namespace, name }, 'hush');
  }
});

const render = (changes: Partial<RenderRequest> = {}) =>
  renderOnServer(deps, {
    project: 'space',
    namespace: 'sky',
    job: spec.name,
    spec: undefined,
    scheduledAt: undefined,
    ...changes,
  });

describe('rendering a job', () => {
  it('shows the deployed job at its next tick, with assets as the plugin makes them', async () => {
    const { scheduledAt, window, instances } = await render();
    expect(scheduledAt).toEqual(new Date('2022-09-20T02:00:00Z'));
    expect(window.start).toEqual(new Date('2022-09-19T00:00:00Z'));
    expect(instances).toEqual([
      expect.objectContaining({
        type: 'task',
        name: 'neo',
        context: expect.objectContaining({
          envs: {
            A: 'b',
            DSTART: '2022-09-19T00:00:00.000Z',
            EXECUTION_TIME: NOW.toISOString(),
            INSTANCE: 'task.neo',
          },
          files: { 'q.sql': 'select 1' },
        }),
      }),
    ]);
  });

  it('has a mask for every secret that the namespace sees, and for no other', async () => {
    const [task] = (await render()).instances;
    expect(task?.context.secrets).toEqual({ API_KEY: '*****', OWN: '*****' });
  });

  it('shows a job that is not deployed, at any tick, with each of its hooks', async () => {
    const given: JobSpec = { ...spec, hooks: [{ name: 'audit', config: [] }] };
    const scheduledAt = new Date('2030-01-02T02:00:00Z');
    const { window, instances } = await render({ namespace: 'sea', spec: given, scheduledAt });
    expect(window.end).toEqual(new Date('2030-01-02T00:00:00Z'));
    expect(instances.map(({ context }) => context.envs['INSTANCE'])).toEqual(['task.neo', 'hook.audit']);
    expect(instances[1]?.context.secrets).toEqual({ API_KEY: '*****', OTHER: '*****' });
  });

  it('takes the present second for a job without a schedule', async () => {
    const byHand = { ...spec, schedule: { ...spec.schedule, interval: '' } };
    expect((await render({ spec: byHand })).scheduledAt).toEqual(new Date('2022-09-19T12:00:00Z'));
  });

  it('asks for a tick when the schedule is over', async () => {
    const over = { ...spec, schedule: { ...spec.schedule, endDate: '2022-09-18' } };
    await expect(render({ spec: over })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: 'the schedule of job "near-earth-objects" is over, so there is no next run to render',
    });
  });

  it('does not know a job that is not deployed and not given', async () => {
    await expect(render({ namespace: 'sea' })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
