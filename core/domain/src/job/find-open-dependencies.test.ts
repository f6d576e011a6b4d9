import { describe, expect, it } from 'vitest';
import { registerNamespace } from '../namespace/register-namespace.ts';
import { parseProjectName } from '../project/project.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryProjects,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow, makeJobSpec } from '../testing/job-fixtures.ts';
import { findOpenDependencies } from './find-open-dependencies.ts';
import { NO_RESOURCES } from './job-edge.ts';
import { parseJobName } from './job-name.ts';
import type { JobDependency } from './job-spec.ts';

const LAKE = parseProjectName('lake');

/** Warnings of a job of project `lake`, while project `shop` has the job `report`. */
async function warn(dependencies: readonly JobDependency[], servers: readonly string[] = []) {
  const projects = createInMemoryProjects();
  const stores = {
    projects,
    namespaces: createInMemoryNamespaces(projects),
    jobs: createInMemoryJobs(),
    computeWindow: computeDayWindow,
  };
  for (const name of ['lake', 'shop']) await registerProject(stores, { name, config: {} });
  const { name: namespace } = await registerNamespace(stores, { project: 'shop', name: 'sky', config: {} });
  const spec = makeJobSpec({ name: parseJobName('report') });
  const upsert = { namespace, spec, contentHash: '', nextScheduledAt: undefined, resources: NO_RESOURCES };
  const project = parseProjectName('shop');
  await stores.jobs.apply({ project, upserts: [upsert], deletes: [], author: '' });
  const asked = makeJobSpec({ name: parseJobName('mart'), dependencies });
  return findOpenDependencies({ ...stores, others: { names: servers } }, LAKE, [asked]);
}

describe('open dependencies', () => {
  it.each([
    ['shopp/report', ' (did you mean shop/report?)'],
    ['shop/reprot', ' (did you mean shop/report?)'],
    ['shop/quite-another', ''],
    ['elsewhere/report', ''],
    ['shop/a b', ''],
  ])('tell of %s, which nobody has deployed', async (name, meant) => {
    const message = `waits for ${name}, which is not deployed${meant}: its runs do not wait until it is`;
    expect(await warn([{ type: 'inter', name }])).toEqual([
      { name: 'mart', path: 'dependencies.0', message },
    ]);
  });

  it('are neither deployed jobs of other projects nor jobs of the own one', async () => {
    const own: JobDependency = { type: 'intra', name: 'nobody' };
    expect(await warn([{ type: 'inter', name: 'shop/report' }, own])).toEqual([]);
  });

  it('are jobs of other servers where none is configured', async () => {
    const dependencies: readonly JobDependency[] = [{ type: 'extra', name: 'far/raw' }];
    const message =
      'waits for far/raw of another server, and nobody here can ask for it: its runs wait until resource_managers of the server names one';
    expect(await warn(dependencies)).toEqual([{ name: 'mart', path: 'dependencies.0', message }]);
    expect(await warn(dependencies, ['west'])).toEqual([]);
  });
});
