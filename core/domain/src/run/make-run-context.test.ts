import { beforeEach, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { DeployDeps } from '../job/check-jobs.ts';
import { saveJob } from '../job/deploy-jobs.ts';
import { deleteJob } from '../job/get-job.ts';
import { NO_RESOURCES } from '../job/job-edge.ts';
import type { JobSpec } from '../job/job-spec.ts';
import { registerNamespace } from '../namespace/register-namespace.ts';
import type { NamedValue } from '../plugin/plugin.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { registerProject } from '../project/register-project.ts';
import { createSecret } from '../secret/manage-secrets.ts';
import {
  createInMemoryContexts,
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
  createInMemorySecrets,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import { getAttempt, getRun } from './list-runs.ts';
import { makeRunContext, type RunContextDeps } from './make-run-context.ts';
import type { Run, RunDetail } from './run.ts';
import type { RunContextInput } from './run-context.ts';

const NOW = new Date('2024-01-01T00:00:00Z');
const scheduledAt = new Date('2022-09-19T02:00:00Z');
const request = {
  project: 'space',
  job: 'near-earth-objects',
  scheduledAt,
  instance: { type: 'task', name: 'neo' },
} as const;
let stored: RunDetail | undefined;
let deps: RunContextDeps & DeployDeps & { readonly secrets: SecretStore };
let compiled: RunContextInput[];

const shout = (assets: readonly NamedValue[]): readonly NamedValue[] =>
  assets.map(({ name, value }) => ({ name, value: value.toUpperCase() }));

beforeEach(async () => {
  stored = undefined;
  compiled = [];
  const projects = createInMemoryProjects();
  const ports = {
    projects,
    namespaces: createInMemoryNamespaces(projects),
    secrets: createInMemorySecrets(),
    jobs: createInMemoryJobs(),
    runs: { find: async () => stored },
  };
  deps = {
    ...ports,
    contexts: createInMemoryContexts(ports, () => NOW),
    plugins: createInMemoryPlugins([makePluginInfo()], shout),
    computeWindow: computeDayWindow,
    others: { names: [] },
    findTemplateProblems: () => [],
    findMissingValues: () => [],
    inferResources: async () => ({ ...NO_RESOURCES, problems: [] }),
    compileRunContext: (input) => {
      compiled.push(input);
      const envs = {
        DESCRIPTION: input.job.spec.description,
        EXECUTION_TIME: input.executionTime.toISOString(),
      };
      return { envs, secrets: input.secrets, files: input.assets, warnings: [] };
    },
    now: () => NOW,
  };
  await registerProject(deps, { name: 'space', config: {} });
  await registerNamespace(deps, { project: 'space', name: 'sky', config: {} });
  await createSecret(deps, { project: 'space', namespace: '', name: 'KEY' }, 'shared');
  await createSecret(deps, { project: 'space', namespace: 'sky', name: 'KEY' }, 'own');
  await save({ description: 'first', assets: { 'q.sql': 'select' } });
});

function save(overrides: Partial<JobSpec>): Promise<void> {
  return saveJob(deps, { project: 'space', namespace: 'sky', author: '', job: makeJobSpec(overrides) });
}

async function storeRun(): Promise<void> {
  const job = present((await deps.jobs.list({}))[0], 'the deployed job');
  const run: Run = {
    id: 'r1',
    jobId: job.id,
    project: job.project,
    namespace: job.namespace,
    job: job.spec.name,
    versionId: job.versionId,
    scheduledAt,
    window: { start: new Date(0), end: new Date(1) },
    state: 'running',
    executionTime: new Date('2023-05-05T00:00:00Z'),
    startedAt: undefined,
    finishedAt: undefined,
    message: '',
  };
  const attempt = {
    state: 'failed',
    exitCode: 1,
    message: '',
    startedAt: NOW,
    finishedAt: NOW,
    hostId: 'h',
  } as const;
  const attempts = [1, 2].map((number) => ({ ...attempt, id: `a${number}`, number }));
  stored = {
    ...run,
    instances: [{ id: 'i1', type: 'task', name: 'neo', role: 'task', state: 'running', attempts }],
  };
}

it('uses the deployed version and the present for a tick without a run', async () => {
  const { context, window } = await makeRunContext(deps, request);
  expect(context.envs).toEqual({ DESCRIPTION: 'first', EXECUTION_TIME: NOW.toISOString() });
  expect(window).toEqual(computeDayWindow(makeJobSpec(), scheduledAt));
});

it("keeps to a run's version, window and execution time when the job has changed since", async () => {
  await storeRun();
  await save({ description: 'second' });
  const { context, window } = await makeRunContext(deps, request);
  expect(context.envs).toEqual({ DESCRIPTION: 'first', EXECUTION_TIME: '2023-05-05T00:00:00.000Z' });
  expect(window).toEqual({ start: new Date(0), end: new Date(1) });
});

it('sees a run through whose job was deleted meanwhile, and no other', async () => {
  await storeRun();
  await deleteJob(deps, { ...request, namespace: 'sky' }, { author: '' });
  expect((await makeRunContext(deps, request)).context.envs).toMatchObject({ DESCRIPTION: 'first' });
  stored = { ...present(stored, 'the run'), state: 'success' };
  await expect(makeRunContext(deps, request)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});

it("prefers the namespace's secrets and lets the plugin compile the assets", async () => {
  const { context } = await makeRunContext(deps, request);
  expect(context.secrets).toEqual({ KEY: 'own' });
  expect(context.files).toEqual({ 'q.sql': 'SELECT' });
});

it("sees its own plugin's secret and no other plugin's", async () => {
  for (const name of ['TASK_NEO', 'TASK_OTHER', 'HOOK_NEO']) {
    await createSecret(deps, { project: 'space', namespace: '', name }, name);
  }
  const { context, visibleSecrets, pluginSecret } = await makeRunContext(deps, request);
  expect(context.secrets).toEqual({ KEY: 'own', TASK_NEO: 'TASK_NEO' });
  expect(visibleSecrets).toEqual(['own', 'TASK_NEO']);
  expect(pluginSecret).toBe('TASK_NEO');
});

it('masks secrets in what it warns of', async () => {
  await createSecret(deps, { project: 'space', namespace: '', name: 'PIN' }, 'hushhush');
  const compileRunContext: RunContextDeps['compileRunContext'] = () => ({
    envs: {},
    secrets: {},
    files: {},
    warnings: ['{{index .m "hushhush"}} has no value'],
  });
  const { context } = await makeRunContext({ ...deps, compileRunContext }, request);
  expect(context.warnings).toEqual(['{{index .m "***"}} has no value']);
});

it('takes nothing from a request but what a request has', async () => {
  const claimed = { ...request, namespace: 'not a namespace', window: undefined, job: request.job };
  const made = await makeRunContext(deps, claimed);
  expect(made.namespace).toMatchObject({ project: 'space', name: 'sky' });
  expect(compiled.at(-1)).toMatchObject({
    namespace: { name: 'sky' },
    job: { spec: { name: 'near-earth-objects' } },
  });
});

it.each([
  ['../q.sql', 'asset "../q.sql" has an empty, "." or ".." part'],
  ['q.sql', 'asset "q.sql" is given twice'],
  ['Q.sql', 'cannot lie beside "Q.sql"'],
])('refuses an asset %s that the plugin puts beside those of the job', async (name, problem) => {
  const plugins = {
    ...deps.plugins,
    find: async () => makePluginInfo(),
    compileAssets: async () => [
      { name: 'q.sql', value: '' },
      { name, value: '' },
    ],
  };
  const made = makeRunContext({ ...deps, plugins }, request);
  await expect(made).rejects.toMatchObject({
    code: 'PLUGIN_REFUSED',
    message: expect.stringContaining(problem),
  });
});

it('leaves assets alone when the plugin has no cli mod', async () => {
  const plugins = createInMemoryPlugins([makePluginInfo({ mods: [] })], shout);
  const { context } = await makeRunContext({ ...deps, plugins }, request);
  expect(context.files).toEqual({ 'q.sql': 'select' });
});

it('refuses an instance that the job does not have', async () => {
  const wrong = { ...request, instance: { type: 'task', name: 'noe' } } as const;
  await expect(makeRunContext(deps, wrong)).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
    message: expect.stringContaining('did you mean "neo"?'),
  });
});

it('tells that a run may have been removed by retention', async () => {
  const removed = { until: new Date('2022-12-01T00:00:00Z'), count: 12 };
  const nothing = { findDetail: async () => undefined, list: async () => [] };
  const find = (until: Date) =>
    getRun({ ...deps, runs: { ...nothing, findRemoved: async () => ({ ...removed, until }) } }, request);
  await expect(find(request.scheduledAt)).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    message: expect.stringContaining('retention has removed 12 old runs of the job, up to'),
  });
  await expect(find(new Date(request.scheduledAt.getTime() - 1))).rejects.toMatchObject({
    message: expect.stringContaining('there is no such run'),
  });
});

it('finds a run and its newest attempt, or says which is missing', async () => {
  const runs = { findDetail: async () => stored, list: async () => [], findRemoved: async () => undefined };
  await expect(getRun({ ...deps, runs }, request)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await storeRun();
  const address = { project: 'space', job: 'near-earth-objects', scheduledAt };
  expect((await getAttempt({ ...deps, runs }, address)).attempt.id).toBe('a2');
  expect((await getAttempt({ ...deps, runs }, { ...address, attempt: 1 })).attempt.id).toBe('a1');
  await expect(getAttempt({ ...deps, runs }, { ...address, attempt: 3 })).rejects.toMatchObject({
    code: 'LOG_NOT_FOUND',
  });
  await expect(getAttempt({ ...deps, runs }, { ...address, instance: 'x' })).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
    hint: expect.stringContaining('its instances: '),
  });
});
