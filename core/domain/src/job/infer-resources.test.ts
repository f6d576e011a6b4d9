import { expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import type { ResolveRequest } from '../ports/plugin-catalog.ts';
import { parseProjectName } from '../project/project.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryPlugins,
  createInMemoryProjects,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import type { InferenceDeps } from './infer-resources.ts';
import { createInferResources } from './infer-resources.ts';

const namespace = {
  project: parseProjectName('space'),
  name: parseNamespaceName('sky'),
  config: { SET: 'stars' },
};
const spec = makeJobSpec({ assets: { 'query.sql': 'select from raw' } });

/** Inference with a plugin that answers as told; compilation shouts. */
async function makeInference(
  answer: (request: ResolveRequest) => readonly string[],
  mods = ['dependencyresolver'] as const,
) {
  const asked: ResolveRequest[] = [];
  const projects = createInMemoryProjects();
  await registerProject(
    { projects, jobs: createInMemoryJobs(), computeWindow: computeDayWindow },
    { name: 'space', config: { A: '1' } },
  );
  const plugins = {
    ...createInMemoryPlugins([{ ...makePluginInfo(), mods }]),
    findDestination: async (): Promise<string | undefined> => 'bq://mart',
    listDependencies: async (_kind: string, _name: string, request: ResolveRequest) => {
      asked.push(request);
      return answer(request);
    },
  };
  const deps: InferenceDeps = {
    projects,
    plugins,
    computeWindow: computeDayWindow,
    now: () => new Date('2024-01-01T00:00:00Z'),
    compileRunContext: ({ assets, secrets }) => ({
      envs: {},
      secrets,
      files: Object.fromEntries(Object.entries(assets).map(([name, text]) => [name, text.toUpperCase()])),
      warnings: [],
    }),
  };
  return { deps, asked };
}

it('tells what the plugin says, sorted, each once, without what the job writes itself', async () => {
  const { deps } = await makeInference(() => ['bq://raw2', 'bq://mart', 'bq://raw1', 'bq://raw2', '']);
  expect(await createInferResources(deps)({ namespace, spec })).toEqual({
    destination: 'bq://mart',
    sources: ['bq://raw1', 'bq://raw2'],
    problems: [],
  });
});

it('gives the plugin compiled assets and the configuration of the project', async () => {
  const { deps, asked } = await makeInference(() => []);
  await createInferResources(deps)({ namespace, spec });
  expect(asked[0]).toMatchObject({
    assets: [{ name: 'query.sql', value: 'SELECT FROM RAW' }],
    project: { name: 'space', config: { A: '1' } },
  });
});

it('gives the plugin what the author wrote when that cannot be compiled yet', async () => {
  const { deps, asked } = await makeInference(() => []);
  const compileRunContext = () => {
    throw new OptimusError('TEMPLATE_FAILED', { message: 'no secret' });
  };
  await createInferResources({ ...deps, compileRunContext })({ namespace, spec });
  expect(asked[0]?.assets).toEqual([{ name: 'query.sql', value: 'select from raw' }]);
});

it('asks once for the same content, and again when the content or the tenant changed', async () => {
  const { deps, asked } = await makeInference(() => []);
  const infer = createInferResources(deps);
  await infer({ namespace, spec });
  await infer({ namespace, spec: { ...spec } });
  expect(asked).toHaveLength(1);
  await infer({ namespace, spec: makeJobSpec({ assets: { 'query.sql': 'other' } }) });
  await infer({ namespace: { ...namespace, config: {} }, spec });
  expect(asked).toHaveLength(3);
});

it('asks no plugin that does not resolve', async () => {
  const { deps, asked } = await makeInference(() => ['bq://raw'], [] as never);
  expect(await createInferResources(deps)({ namespace, spec })).toMatchObject({ sources: [], problems: [] });
  expect(asked).toEqual([]);
});

it('refuses the job that its plugin cannot read, and asks again the next time', async () => {
  const { deps, asked } = await makeInference(() => {
    throw new OptimusError('PLUGIN_REFUSED', { message: 'no query.sql' });
  });
  const infer = createInferResources(deps);
  const { problems } = await infer({ namespace, spec });
  expect(problems).toEqual([
    { path: 'task', message: 'what the job reads and writes cannot be told: no query.sql' },
  ]);
  await infer({ namespace, spec });
  expect(asked).toHaveLength(2);
});
