import { beforeEach, describe, expect, it } from 'vitest';
import { registerNamespace } from '../namespace/register-namespace.ts';
import type { JobChangeOutcome } from '../ports/job-store.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
  type InMemoryJobs,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec, makePluginInfo } from '../testing/job-fixtures.ts';
import { type ChangeJobsRequest, type ChangeJobsResult, changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import { NO_RESOURCES } from './job-edge.ts';
import { parseJobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';

let jobs: InMemoryJobs;
let deps: DeployDeps;

beforeEach(async () => {
  const projects = createInMemoryProjects();
  jobs = createInMemoryJobs();
  deps = {
    projects,
    namespaces: createInMemoryNamespaces(projects),
    plugins: createInMemoryPlugins([makePluginInfo()]),
    others: { names: [] },
    jobs,
    computeWindow: computeDayWindow,
    findTemplateProblems: () => [],
    findMissingValues: () => [],
    inferResources: async () => ({ ...NO_RESOURCES, problems: [] }),
    now: () => new Date('2024-01-01T00:00:00Z'),
  };
  await registerProject(deps, { name: 'space', config: {} });
  for (const name of ['sky', 'sea']) await registerNamespace(deps, { project: 'space', name, config: {} });
});

function wanted(
  name: string,
  overrides: Partial<JobSpec> & { readonly in?: string; readonly from?: string } = {},
) {
  const { in: namespace = 'sky', from, ...spec } = overrides;
  return {
    namespace,
    spec: makeJobSpec({ name: parseJobName(name), ...spec }),
    ...(from !== undefined && { movedFrom: from }),
  };
}

function change(request: Partial<ChangeJobsRequest>): Promise<ChangeJobsResult> {
  return changeJobs(deps, { project: 'space', upserts: [], deletes: [], author: 'ada', ...request });
}

async function deployed(): Promise<readonly string[]> {
  return (await jobs.list({})).map(({ namespace, spec }) => `${namespace}/${spec.name}`);
}

/** A store that refuses these jobs for their edges, each time it is asked with one of them. */
function refuseEdgesOf(...names: readonly string[]): void {
  const apply: typeof jobs.apply = async (set, options): Promise<JobChangeOutcome> => {
    const refused = set.upserts.filter(({ spec }) => names.includes(spec.name));
    if (refused.length === 0) return jobs.apply(set, options);
    const problems = [{ path: 'dependencies', message: 'unknown' }];
    const outcome = { revision: '0', revisionBefore: '0', gained: [], lost: [], downstream: [], shared: [] };
    return { ...outcome, refused: refused.map(({ spec }) => ({ name: spec.name, problems })) };
  };
  deps = { ...deps, jobs: { ...jobs, apply } };
}

describe('a change of a project', () => {
  it('reaches all its namespaces at once', async () => {
    await change({ upserts: [wanted('old'), wanted('kept')] });
    const result = await change({
      upserts: [wanted('kept'), wanted('new', { in: 'sea' })],
      deletes: [{ namespace: 'sky', name: 'old' }],
    });
    expect(result).toMatchObject({ created: ['new'], unchanged: ['kept'], deleted: ['old'], changed: [] });
    expect(await deployed()).toEqual(['sky/kept', 'sea/new']);
    expect(jobs.applied).toHaveLength(2);
  });

  it('moves a job only from where the request says it is', async () => {
    await change({ upserts: [wanted('boat')] });
    const { refused } = await change({ upserts: [wanted('boat', { in: 'sea' })] });
    expect(refused[0]?.problems[0]?.message).toContain('already a job of namespace "sky"');
    const result = await change({ upserts: [wanted('boat', { in: 'sea', from: 'sky' })] });
    expect(result).toMatchObject({ moved: ['boat'], refused: [], changed: [] });
    expect(jobs.applied.at(-1)?.upserts[0]).toMatchObject({ namespace: 'sea', movedFrom: 'sky' });
  });

  it('is held by one refused job', async () => {
    const { refused, created } = await change({ upserts: [wanted('good'), wanted('bad', { owner: '' })] });
    expect(refused.map(({ name }) => name)).toEqual(['bad']);
    expect(created).toEqual(['good']);
    expect(await deployed()).toEqual([]);
  });

  it('stores the good jobs when it is partial, and the bad ones stay as they are stored', async () => {
    await change({ upserts: [wanted('bad')] });
    const { refused } = await change({
      upserts: [wanted('good'), wanted('bad', { owner: '' })],
      isPartial: true,
    });
    expect(refused.map(({ name }) => name)).toEqual(['bad']);
    expect(await deployed()).toEqual(['sky/bad', 'sky/good']);
    expect(jobs.applied.at(-1)?.upserts.map(({ spec }) => spec.name)).toEqual(['good']);
  });

  it('leaves out what the store refuses too, when it is partial', async () => {
    refuseEdgesOf('astray');
    const { refused } = await change({ upserts: [wanted('good'), wanted('astray')], isPartial: true });
    expect(refused).toEqual([{ name: 'astray', problems: [{ path: 'dependencies', message: 'unknown' }] }]);
    expect(await deployed()).toEqual(['sky/good']);
  });

  it('tells what is wrong with jobs and with their edges in one pass', async () => {
    refuseEdgesOf('astray');
    const { refused } = await change({ upserts: [wanted('bad', { owner: '' }), wanted('astray')] });
    expect(refused.map(({ name }) => name)).toEqual(['bad', 'astray']);
  });

  it('stores nothing when it is a dry run', async () => {
    const result = await change({ upserts: [wanted('new')], isDryRun: true });
    expect(result.created).toEqual(['new']);
    expect(await deployed()).toEqual([]);
  });

  it('refuses a name that two namespaces want', async () => {
    const { refused } = await change({ upserts: [wanted('boat'), wanted('boat', { in: 'sea' })] });
    expect(refused[0]?.problems[0]?.message).toBe(
      '"boat" is a job of namespaces sky and sea; names are unique in a project',
    );
  });

  it('refuses a job whose resources cannot be told', async () => {
    const problems = [{ path: 'task', message: 'no query' }];
    deps = { ...deps, inferResources: async () => ({ ...NO_RESOURCES, problems }) };
    expect((await change({ upserts: [wanted('one')] })).refused).toEqual([{ name: 'one', problems }]);
  });

  it('infers many jobs at a time, but not all of them', async () => {
    let [under, most] = [0, 0];
    const inferResources: DeployDeps['inferResources'] = async () => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      return { ...NO_RESOURCES, problems: [] };
    };
    deps = { ...deps, inferResources };
    const { created } = await change({ upserts: Array.from({ length: 100 }, (_, n) => wanted(`job${n}`)) });
    expect(created).toHaveLength(100);
    expect(most).toBe(32);
  });

  it('names a namespace that is not there', async () => {
    await expect(change({ upserts: [wanted('one', { in: 'sku' })] })).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
    });
  });
});

describe('a change with a registration', () => {
  const registration = {
    config: { bucket: 'b' },
    presets: { '@Day': { description: '', size: '1d', truncateTo: 'd' } },
    namespaces: [{ name: 'air', config: { key: 'v' } }],
  };
  const inAir = { project: 'moon', upserts: [wanted('one', { in: 'air' })], registration };

  it('of a project that nobody knows is worked out as if it were registered, and registers nothing in a dry run', async () => {
    const seen: unknown[] = [];
    const inferResources: DeployDeps['inferResources'] = async ({ project, namespace }) => {
      seen.push(project?.config, namespace.config);
      return { ...NO_RESOURCES, problems: [] };
    };
    deps = { ...deps, inferResources };
    const { created, presets } = await change({ ...inAir, isDryRun: true });
    expect(created).toEqual(['one']);
    expect(presets?.change.created).toEqual(['day']);
    expect(seen).toEqual([{ BUCKET: 'b' }, { KEY: 'v' }]);
    expect((await deps.projects.list()).map(({ name }) => name)).toEqual(['space']);
  });

  it('has the store register in the same change', async () => {
    await change(inAir);
    expect(jobs.applied.at(-1)?.registration).toEqual({
      project: { name: 'moon', config: { BUCKET: 'b' }, presets: { day: registration.presets['@Day'] } },
      namespaces: [{ project: 'moon', name: 'air', config: { KEY: 'v' } }],
    });
  });

  it('leaves namespaces that it does not name to be found as they are', async () => {
    const { created } = await change({ registration, upserts: [wanted('one', { in: 'sea' })] });
    expect(created).toEqual(['one']);
    await expect(change({ ...inAir, upserts: [wanted('two', { in: 'sea' })] })).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
    });
  });
});
