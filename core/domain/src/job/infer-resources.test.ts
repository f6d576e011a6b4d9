import { expect, it } from 'vitest';
import { OptimusError } from '../error/optimus-error.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import type { PluginInfo } from '../plugin/plugin.ts';
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
const resolving = { mods: ['dependencyresolver'] } as const;
const spec = makeJobSpec({ assets: { 'query.sql': 'select from raw' } });

/** Inference with a plugin that answers as told; compilation shouts, and fills in `{day}` and `{set}`. */
async function makeInference(
  answer: (request: ResolveRequest) => readonly string[],
  { mods }: Pick<PluginInfo, 'mods'> = resolving,
) {
  const asked: ResolveRequest[] = [];
  const projects = createInMemoryProjects();
  await registerProject(
    { projects, jobs: createInMemoryJobs(), computeWindow: computeDayWindow },
    { name: 'space', config: { A: '1' } },
  );
  const plugins = {
    ...createInMemoryPlugins([makePluginInfo({ mods })]),
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
    findUnknownReads: (texts) => texts.map(({ name: text }) => ({ text, message: 'is odd' })),
    now: () => new Date('2024-01-01T00:00:00Z'),
    compileRunContext: ({ assets, secrets, scheduledAt, namespace: { config } }) => {
      const fill = (text: string) =>
        text.replace('{day}', scheduledAt.toISOString().slice(0, 10)).replace('{set}', config['SET'] ?? '');
      const files = Object.entries(assets).map(([name, text]) => [name, fill(text).toUpperCase()]);
      return { envs: {}, secrets, files: Object.fromEntries(files), warnings: [] };
    },
  };
  return { deps, asked };
}

it('tells what the plugin says, sorted, each once, without what the job writes itself', async () => {
  const { deps } = await makeInference(() => ['bq://raw2', 'bq://mart', 'bq://raw1', 'bq://raw2', '']);
  expect(await createInferResources(deps)({ namespace, spec })).toEqual({
    destination: 'bq://mart',
    sources: ['bq://raw1', 'bq://raw2'],
    problems: [],
    unknown: [],
  });
});

it('tells what the texts of the job leave open, and which of them it has not', async () => {
  const { deps } = await makeInference(() => []);
  const plugins = {
    ...deps.plugins,
    listSourceTexts: async () => [{ parser: 'bq', name: 'query.sql', text: 'odd' }],
    listAbsentTexts: async () => ['more.sql'],
  };
  const { unknown } = await createInferResources({ ...deps, plugins })({ namespace, spec });
  expect(unknown).toEqual([
    { text: 'more.sql', message: 'is missing: what the task reads would stand there' },
    { text: 'query.sql', message: 'is odd' },
  ]);
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
  const configured = makeJobSpec({ assets: { 'query.sql': 'select from {set}' } });
  await infer({ namespace, spec: configured });
  await infer({ namespace, spec: { ...configured } });
  expect(asked).toHaveLength(1);
  await infer({ namespace, spec });
  await infer({ namespace: { ...namespace, config: { SET: 'moons' } }, spec: configured });
  expect(asked.map(({ assets }) => assets[0]?.value)).toEqual([
    'SELECT FROM STARS',
    'SELECT FROM RAW',
    'SELECT FROM MOONS',
  ]);
});

it('asks again when the time at which it is asked changes the text', async () => {
  let now = new Date('2024-01-01T00:00:00Z');
  const { deps, asked } = await makeInference(() => []);
  const infer = createInferResources({ ...deps, now: () => now });
  const dated = makeJobSpec({ assets: { 'query.sql': 'select from raw_{day}' } });
  for (const time of ['2024-01-01T00:00:00Z', '2024-01-01T12:00:00Z', '2024-01-02T00:00:00Z']) {
    now = new Date(time);
    await infer({ namespace, spec });
    await infer({ namespace, spec: dated });
  }
  expect(asked.map(({ assets }) => assets[0]?.value)).toEqual([
    'SELECT FROM RAW',
    'SELECT FROM RAW_2024-01-01',
    'SELECT FROM RAW_2024-01-02',
  ]);
});

it('asks again when the plugin was replaced, also by one of the same version', async () => {
  const { deps, asked } = await makeInference(() => []);
  let info = makePluginInfo(resolving);
  const infer = createInferResources({ ...deps, plugins: { ...deps.plugins, find: async () => info } });
  await infer({ namespace, spec });
  await infer({ namespace, spec });
  expect(asked).toHaveLength(1);
  info = makePluginInfo(resolving);
  await infer({ namespace, spec });
  expect(asked).toHaveLength(2);
});

it('asks no plugin that does not resolve', async () => {
  const { deps, asked } = await makeInference(() => ['bq://raw'], { mods: [] });
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
    { path: 'task', message: 'does not tell what the job reads and writes: no query.sql' },
  ]);
  await infer({ namespace, spec });
  expect(asked).toHaveLength(2);
});
