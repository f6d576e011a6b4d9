import { compileRunContext, computeWindow } from '@optimus/compiler';
import {
  type ClaimedAttempt,
  type ContextSource,
  type ExecutionRequest,
  type PluginInfo,
  parseNamespaceName,
  parseProjectName,
  SILENT_LOG,
} from '@optimus/domain';
import {
  createInMemoryJobs,
  createInMemoryPlugins,
  createInMemoryProjects,
  makeJobSpec,
  makePluginInfo,
} from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { makeExecutionRequest } from './execution-request.ts';

const now = new Date('2022-09-19T02:00:00Z');
const project = parseProjectName('space');
const namespace = parseNamespaceName('sky');
const resource = { request: { cpu: '250m', memory: '64Mi' }, limit: { cpu: '1', memory: '1Gi' } };
const spec = makeJobSpec({ metadata: { resource, kubernetes: { serviceAccount: 'loader' } } });

async function makeRequest(
  plugin: Partial<PluginInfo>,
  secrets: Readonly<Record<string, string>> = {},
): Promise<ExecutionRequest> {
  const job = {
    project,
    namespace,
    spec,
    id: 'j1',
    versionId: 'v1',
    versionNumber: 1,
    contentHash: '',
    updatedAt: now,
  };
  const source: ContextSource = {
    job,
    project: { name: project, config: {} },
    namespace: { project, name: namespace, config: {} },
    secrets,
    run: undefined,
    now,
  };
  const context = {
    projects: createInMemoryProjects(),
    jobs: createInMemoryJobs(),
    contexts: { findSource: async () => source },
    plugins: createInMemoryPlugins([makePluginInfo(plugin)]),
    computeWindow,
    compileRunContext,
  };
  const deps = {
    context,
    runs: { note: async () => undefined },
    optimusHost: () => 'host:9100',
    log: SILENT_LOG,
  };
  const request = await makeExecutionRequest(deps, attempt);
  if ('skipReason' in request) throw new TypeError(request.skipReason);
  return request;
}

const attempt: ClaimedAttempt = {
  attemptId: '7',
  fence: '1',
  runId: 'r1',
  instanceId: 'i1',
  instance: { type: 'task', name: 'neo' },
  number: 1,
  versionId: 'v1',
  project,
  namespace,
  job: spec.name,
  scheduledAt: now,
  window: { start: now, end: now },
  executionTime: now,
  hasDeadline: false,
  waitedMs: 0,
};

it('tells an executor whose attempt it is, and what it may use', async () => {
  expect(await makeRequest({})).toMatchObject({
    labels: { project: 'space', namespace: 'sky', job: spec.name, instance: 'neo' },
    resources: resource,
    serviceAccount: 'loader',
  });
});

it('tells what a plugin described by a file runs in its image, and of another nothing', async () => {
  const entrypoint = { shell: '/bin/bash', script: 'python3 main.py' };
  expect((await makeRequest({ entrypoint })).entrypoint).toEqual(entrypoint);
  expect(await makeRequest({})).not.toHaveProperty('entrypoint');
});

it('hands over the secret of the plugin for the file that it looks for, and masks it', async () => {
  const secretPath = '/opt/key.json';
  const { secretFile, secrets } = await makeRequest({ secretPath }, { TASK_NEO: 'hush-hush' });
  expect(secretFile).toEqual({ path: secretPath, text: 'hush-hush' });
  expect(secrets).toContain('hush-hush');
});

it.each([
  ['the plugin looks for no file', '', { TASK_NEO: 'hush-hush' }],
  ['the plugin has no secret', '/opt/key.json', { TASK_OTHER: 'hush-hush', NEO: 'hush-hush' }],
])('hands over no secret when %s', async (_, secretPath, secrets) => {
  expect(await makeRequest({ secretPath }, secrets)).not.toHaveProperty('secretFile');
});
