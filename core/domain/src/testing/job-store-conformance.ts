import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import { toJobContentHash } from '../job/job-content-hash.ts';
import { parseJobName } from '../job/job-name.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
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

const TICK = new Date('2022-09-19T02:00:00Z');

function find(ports: StorePorts, { project }: Tenant, job = makeJobSpec().name) {
  return ports.jobs.find({ project, job });
}

/** What every store of jobs promises. */
export function describeJobStore(getPorts: GetStorePorts): void {
  describe('a job store', () => {
    it('gives back a specification as it was deployed, its assets byte by byte', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const assets = {
        'query.sql': 'select 1;\n',
        'nested/ünï.bin': '\u0000\u0001 "quoted" \\ 🌍',
        empty: '',
      };
      const spec = makeJobSpec({ assets, labels: { z: '1', a: '2' }, hooks: [{ name: 'http', config: [] }] });
      const upsert = toUpsert(tenant, spec, { nextScheduledAt: TICK });
      await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: 'ada' });
      const job = await find(ports, tenant);
      expect(job).toMatchObject({ ...tenant, spec, contentHash: toJobContentHash(spec), versionNumber: 1 });
    });

    it('makes a new version of a changed job, none of an unchanged one, and keeps every version', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await deployJob(ports, tenant, { description: 'first', assets: { a: 'one' } });
      const first = await find(ports, tenant);
      await deployJob(ports, tenant, { description: 'first', assets: { a: 'one' } });
      expect((await find(ports, tenant))?.versionId).toBe(first?.versionId);
      await deployJob(ports, tenant, { description: 'second', assets: { a: 'two' } });
      const second = await find(ports, tenant);
      expect(second).toMatchObject({ id: first?.id, versionNumber: 2, spec: { description: 'second' } });
      expect(await ports.jobs.findVersion(first?.versionId ?? '')).toEqual(first);
    });

    it('registers a project and its namespaces with the change, or nothing of it', async () => {
      const ports = getPorts();
      const [project, namespace] = [makeProjectName(), parseNamespaceName('air')];
      const registration = {
        project: { name: project, config: { BUCKET: 'b' } },
        namespaces: [{ project, name: namespace, config: { KEY: 'v' } }],
      };
      const tenant = { project, namespace };
      const change = {
        project,
        upserts: [toUpsert(tenant, makeJobSpec())],
        deletes: [],
        author: '',
        registration,
      };
      await ports.jobs.apply(change, { isDryRun: true });
      const absent = { ...change, deletes: [{ namespace, name: parseJobName('absent') }] };
      await expect(ports.jobs.apply(absent)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
      expect(await ports.projects.find(project)).toBeUndefined();
      await ports.jobs.apply(change);
      expect(await ports.projects.find(project)).toEqual(registration.project);
      expect(await ports.namespaces.list(project)).toEqual(registration.namespaces);
      expect(await find(ports, tenant)).toMatchObject(tenant);
      const renewed = { ...registration, project: { name: project, config: { BUCKET: 'c' } } };
      await ports.jobs.apply({ ...change, upserts: [], registration: renewed });
      expect(await ports.projects.find(project)).toEqual(renewed.project);
    });

    it('finds no version under an id that never was one', async () => {
      expect(await getPorts().jobs.findVersion('no-such-version')).toBeUndefined();
      expect(await getPorts().jobs.findVersion('999999999999')).toBeUndefined();
    });

    it('lists the deployed jobs of a project or namespace, sorted by name', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const other = parseNamespaceName('other');
      await ports.namespaces.save({ project: tenant.project, name: other, config: {} });
      await deployJob(ports, tenant, { name: parseJobName('job-b') });
      await deployJob(ports, { ...tenant, namespace: other }, { name: parseJobName('job-a') });
      expect((await ports.jobs.list({ project: tenant.project })).map((job) => job.spec.name)).toEqual([
        'job-a',
        'job-b',
      ]);
      expect((await ports.jobs.list(tenant)).map((job) => job.spec.name)).toEqual(['job-b']);
      const digests = await ports.jobs.listDigests(tenant.project);
      expect(digests.map(({ name, namespace }) => [name, namespace])).toEqual([
        ['job-a', 'other'],
        ['job-b', 'sky'],
      ]);
    });

    it('tells the newest tick that was planned', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await deployJob(ports, tenant, {});
      expect((await ports.jobs.listDigests(tenant.project))[0]?.lastScheduledAt).toBeUndefined();
      await planRun(ports, tenant, TICK);
      const digests = await ports.jobs.listDigests(tenant.project);
      expect(digests.find(({ name }) => name !== makeJobSpec().name)?.lastScheduledAt).toEqual(TICK);
    });

    it('gives the digest of one job that listings give', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const key = { project: tenant.project, job };
      const [listed] = await ports.jobs.listDigests(tenant.project);
      expect(await ports.jobs.findDigest(key)).toEqual(present(listed, 'the digest'));
      await deleteDeployed(ports, tenant, job);
      expect(await ports.jobs.findDigest(key)).toBeUndefined();
    });

    it('tells which deployed jobs name a preset', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { task } = makeJobSpec();
      const withPreset = { ...task, window: { ...task.window, preset: 'day' } };
      await deployJob(ports, tenant, { name: parseJobName('plain') });
      await deployJob(ports, tenant, { name: parseJobName('uses'), task: withPreset });
      await deployJob(ports, tenant, { name: parseJobName('gone'), task: withPreset });
      await deleteDeployed(ports, tenant, parseJobName('gone'));
      expect(await ports.jobs.listPresetUses(tenant.project)).toEqual([{ preset: 'day', job: 'uses' }]);
    });

    it('removes a deleted job from listings, keeps its versions, and continues them when it comes back', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const name = await deployJob(ports, tenant, {});
      const before = await find(ports, tenant);
      await deleteDeployed(ports, tenant, name);
      expect(await find(ports, tenant)).toBeUndefined();
      expect(await ports.jobs.list(tenant)).toEqual([]);
      expect(await ports.jobs.listDigests(tenant.project)).toEqual([]);
      expect(await ports.jobs.findVersion(before?.versionId ?? '')).toEqual(before);
      await deployJob(ports, tenant, { description: 'back' });
      expect(await find(ports, tenant)).toMatchObject({ id: before?.id, versionNumber: 2 });
    });

    it('cancels the runs of a deleted job that have not started', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      await deleteDeployed(ports, tenant, job);
      const run = await ports.runs.findDetail({ project: tenant.project, job, scheduledAt: TICK });
      expect(run).toMatchObject({ state: 'canceled', instances: [{ state: 'canceled' }] });
      expect(run?.finishedAt).toBeInstanceOf(Date);
    });

    it('applies the whole change or nothing', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project, namespace } = tenant;
      const deletes = [{ namespace, name: parseJobName('absent') }];
      const change = { project, upserts: [toUpsert(tenant, makeJobSpec())], deletes, author: '' };
      await expect(ports.jobs.apply(change)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
      expect(await ports.jobs.list(tenant)).toEqual([]);
    });

    it('refuses a name that another namespace has, and lets it go once that job is deleted', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const other = { ...tenant, namespace: parseNamespaceName('other') };
      await ports.namespaces.save({ project: other.project, name: other.namespace, config: {} });
      const name = await deployJob(ports, tenant, {});
      await expect(deployJob(ports, other, {})).rejects.toMatchObject({
        code: 'JOB_NAME_TAKEN',
        fields: { namespace: 'sky' },
      });
      await deleteDeployed(ports, tenant, name);
      await deployJob(ports, other, {});
      expect((await find(ports, tenant))?.namespace).toBe('other');
    });

    it('refuses an unknown namespace', async () => {
      const ports = getPorts();
      const tenant = { project: makeProjectName(), namespace: parseNamespaceName('sky') };
      await ports.projects.save({ name: tenant.project, config: {} });
      await expect(deployJob(ports, tenant, {})).rejects.toMatchObject({ code: 'NAMESPACE_NOT_FOUND' });
    });

    it('lets deploys of one project take turns', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const descriptions = ['a', 'b', 'c', 'd', 'e'];
      await Promise.all(
        descriptions.map((description) => deployJob(ports, tenant, { description, assets: { description } })),
      );
      expect((await find(ports, tenant))?.versionNumber).toBe(descriptions.length);
    });

    it('announces that schedules changed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const heard = new Promise((resolve) => {
        ports.changes.subscribe(
          (change) => change.topic === 'schedule_changed' && change.id === tenant.project && resolve(change),
        );
      });
      await deployJob(ports, tenant, {});
      await expect(heard).resolves.toEqual({ topic: 'schedule_changed', id: tenant.project });
    });
  });
}
