import { describe, expect, it } from 'vitest';
import { parseSecretName } from '../secret/secret.ts';
import { deleteDeployed, deployJob, type GetStorePorts, makeTenant, planRun } from './store-ports.ts';

const TICK = new Date('2022-09-19T02:00:00Z');
const OTHER_TICK = new Date('2022-09-20T02:00:00Z');
const SERVER = { hostId: 'host', serverId: 'server' };

/** What every source of contexts promises: the same as its parts, asked one by one. */
export function describeContextStore(getPorts: GetStorePorts): void {
  describe('a store of what contexts are made of', () => {
    it('has a run with its job, its tenant and the secrets that the namespace sees', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.projects.save({ name: project, config: { A: '1' } });
      await ports.namespaces.save({ project, name: namespace, config: { B: '2' } });
      const [key, shared] = [parseSecretName('KEY'), parseSecretName('SHARED')];
      await ports.secrets.create({ project, namespace }, key, 'narrow \' " ünïcødé 🌍');
      await ports.secrets.create({ project }, key, 'wide');
      await ports.secrets.create({ project }, shared, 'x');
      const job = await planRun(ports, { project, namespace }, TICK);
      const found = await ports.contexts.findSource({ project, job, scheduledAt: TICK });
      expect(found).toMatchObject({
        job: await ports.jobs.find({ project, job }),
        project: { name: project, config: { A: '1' } },
        namespace: { project, name: namespace, config: { B: '2' } },
        run: await ports.runs.find({ project, job, scheduledAt: TICK }),
      });
      expect(found?.secrets).toEqual(await ports.secrets.readAll(project, namespace));
    });

    it('has the job as it is deployed for a tick without a run, and a project without secrets', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project } = tenant;
      const job = await planRun(ports, tenant, TICK);
      const found = await ports.contexts.findSource({ project, job, scheduledAt: OTHER_TICK });
      expect(found).toMatchObject({ job: await ports.jobs.find({ project, job }), secrets: {} });
      expect(found?.run).toBeUndefined();
      expect(found?.now).toBeInstanceOf(Date);
    });

    it('keeps to the version that the run was planned with', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project } = tenant;
      const job = await planRun(ports, tenant, TICK);
      const before = await ports.jobs.find({ project, job });
      await deployJob(ports, tenant, { name: job, description: 'changed' });
      const found = await ports.contexts.findSource({ project, job, scheduledAt: TICK });
      expect(found?.job.versionId).toBe(before?.versionId);
      expect(found?.job.spec).toEqual(before?.spec);
    });

    it('sees a run through whose job is deleted, and knows nothing else of that job', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { project } = tenant;
      const job = await planRun(ports, tenant, TICK);
      await ports.runs.claim(SERVER, { limit: 100, leaseMs: 60_000 });
      await deleteDeployed(ports, tenant, job);
      expect((await ports.contexts.findSource({ project, job, scheduledAt: TICK }))?.run?.state).toBe(
        'running',
      );
      expect(await ports.contexts.findSource({ project, job, scheduledAt: OTHER_TICK })).toBeUndefined();
    });

    it('knows neither a job nor a project that is not there', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, {});
      const absent = await makeTenant(ports);
      expect(
        await ports.contexts.findSource({ project: absent.project, job, scheduledAt: TICK }),
      ).toBeUndefined();
    });
  });
}
