import { describe, expect, it } from 'vitest';
import type { JobEdge, JobResources } from '../job/job-edge.ts';
import { type JobName, parseJobName } from '../job/job-name.ts';
import type { VersionPage } from '../ports/job-index.ts';
import { makeJobSpec } from './job-fixtures.ts';
import {
  deleteDeployed,
  deployJob,
  type GetStorePorts,
  makeProjectName,
  makeTenant,
  planRun,
  type StorePorts,
  type Tenant,
  toUpsert,
} from './store-ports.ts';

async function deployReader(
  ports: StorePorts,
  tenant: Tenant,
  name: string,
  resources: JobResources,
): Promise<JobName> {
  const spec = makeJobSpec({ name: parseJobName(name) });
  const upserts = [toUpsert(tenant, spec, { resources })];
  await ports.jobs.apply({ project: tenant.project, upserts, deletes: [], author: 'ada' });
  return spec.name;
}

function show(edges: readonly JobEdge[]): readonly string[] {
  return edges.map(
    ({ job, upstream, urn, isResolved }) => `${job} ← ${upstream?.job ?? urn}${isResolved ? '' : '?'}`,
  );
}

/** What every index of jobs promises. */
export function describeJobIndex(getPorts: GetStorePorts): void {
  describe('an index of jobs', () => {
    it('lists the versions of a job, the newest first, and says which is deployed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, { owner: 'first' });
      await deployJob(ports, tenant, { owner: 'second' });
      const versions = await ports.index.listVersions({ project: tenant.project, job });
      expect(versions.map(({ number, isDeployed }) => [number, isDeployed])).toEqual([
        [2, true],
        [1, false],
      ]);
      const first = await ports.jobs.findVersion(versions[1]?.versionId ?? '');
      expect(first).toMatchObject({ spec: { owner: 'first' }, contentHash: versions[1]?.contentHash });
    });

    it('lists versions page by page', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, { owner: '1' });
      for (const owner of ['2', '3']) await deployJob(ports, tenant, { owner });
      const list = async (page: VersionPage) =>
        (await ports.index.listVersions({ project: tenant.project, job }, page)).map(({ number }) => number);
      expect(await list({ limit: 2 })).toEqual([3, 2]);
      expect(await list({ limit: 2, before: 2 })).toEqual([1]);
      expect(await list({ before: 1 })).toEqual([]);
    });

    it('keeps the versions of a deleted job, and says who deleted it and who deployed it again', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, { owner: 'first' });
      await deployJob(ports, tenant, { owner: 'second' });
      const list = () => ports.index.listVersions({ project: tenant.project, job });
      expect((await list()).map(({ deletions }) => deletions)).toEqual([[], []]);
      await deleteDeployed(ports, tenant, job, 'ada');
      const deleted = { deletedAt: expect.any(Date), deletedBy: 'ada' };
      expect(await list()).toMatchObject([
        { number: 2, isDeployed: false, deletions: [deleted] },
        { number: 1, isDeployed: false, deletions: [] },
      ]);
      await deployJob(ports, tenant, { owner: 'second', author: 'grace' });
      const restored = { ...deleted, restoredAt: expect.any(Date), restoredBy: 'grace' };
      expect((await list()).map(({ isDeployed, deletions }) => [isDeployed, deletions])).toEqual([
        [true, [restored]],
        [false, []],
      ]);
    });

    it('tells each deletion of the version that was the newest then, the newest deletion first', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, { owner: 'first' });
      for (const author of ['ada', 'bea']) {
        await deleteDeployed(ports, tenant, job, author);
        await deployJob(ports, tenant, { owner: 'first' });
      }
      await deleteDeployed(ports, tenant, job, 'cid');
      await deployJob(ports, tenant, { owner: 'second', author: 'dan' });
      const versions = await ports.index.listVersions({ project: tenant.project, job });
      expect(versions.map(({ deletions }) => deletions.map(({ deletedBy }) => deletedBy))).toEqual([
        [],
        ['cid', 'bea', 'ada'],
      ]);
      expect(versions[1]?.deletions[0]?.restoredBy).toBe('dan');
    });

    it('lists no version of a job that never was', async () => {
      const key = { project: makeProjectName(), job: parseJobName('nobody') };
      expect(await getPorts().index.listVersions(key)).toEqual([]);
    });

    it('lists the edges of several jobs, up and down, unresolved ones up', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project } = tenant;
      const raw = await deployReader(ports, tenant, 'raw', { destination: `x://${project}`, sources: [] });
      const sources = [`x://${project}`, `y://${project}`];
      const mart = await deployReader(ports, tenant, 'mart', { destination: undefined, sources });
      const keys = [raw, mart].map((job) => ({ project, job }));
      const [up, down] = await Promise.all([
        ports.index.listEdges({ jobs: keys, direction: 'upstream' }),
        ports.index.listEdges({ jobs: keys, direction: 'downstream' }),
      ]);
      expect(show(up)).toEqual(['mart ← raw', `mart ← y://${project}?`]);
      expect(show(down)).toEqual(['mart ← raw']);
    });

    it('shows a project with its labels, its edges once each, and how the newest runs are', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project } = tenant;
      const run = await planRun(ports, tenant);
      const sources = [`x://${project}`];
      await deployReader(ports, tenant, 'raw', { destination: `x://${project}`, sources: [] });
      await deployReader(ports, tenant, 'mart', { destination: undefined, sources });
      const { jobs, edges } = await ports.index.readProject(project);
      expect(new Map(jobs.map(({ name, lastRunState }) => [name, lastRunState]))).toEqual(
        new Map<string, unknown>([
          [run, expect.any(String)],
          ['mart', undefined],
          ['raw', undefined],
        ]),
      );
      expect(jobs[0]).toMatchObject({ namespace: 'sky', labels: { orchestrator: 'optimus' } });
      expect(edges).toEqual([{ job: 'mart', upstream: 'raw' }]);
    });

    it('shows nothing of a project that is not registered', async () => {
      expect(await getPorts().index.readProject(makeProjectName())).toEqual({ jobs: [], edges: [] });
    });
  });
}
