import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import { TICK } from './run-claims.ts';
import { deleteDeployed, deployJob, type GetStorePorts, makeTenant, planRun } from './store-ports.ts';

/** What every store of runs promises to those who look. */
export function describeRunListing(getPorts: GetStorePorts): void {
  describe('listing runs', () => {
    it('pages from the newest tick to the oldest, with instances and attempts', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const stored = present(await ports.jobs.find({ project: tenant.project, job }), 'the job');
      const later = [1, 2, 3].map((day) => new Date(TICK.getTime() + day * 86_400_000));
      const window = { start: TICK, end: TICK };
      const runs = later.map((scheduledAt) => ({
        jobId: stored.id,
        versionId: stored.versionId,
        scheduledAt,
        window,
        priority: 1,
      }));
      await deployJob(ports, tenant, { ...stored.spec, nextScheduledAt: TICK });
      const { id: jobId, versionId } = stored;
      await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs }]);
      const query = { project: tenant.project, job };
      const page = await ports.runs.list({ ...query, limit: 2 });
      expect(page.map((run) => run.scheduledAt)).toEqual([later[2], later[1]]);
      const rest = await ports.runs.list({ ...query, limit: 10, before: present(later[1], 'a tick') });
      expect(rest.map((run) => run.scheduledAt)).toEqual([later[0], TICK]);
      const between = await ports.runs.list({
        ...query,
        limit: 10,
        since: TICK,
        until: present(later[0], 'a tick'),
      });
      expect(between).toHaveLength(2);
      expect(await ports.runs.list({ ...query, limit: 10, states: ['success'] })).toEqual([]);
      expect(await ports.runs.list({ ...query, limit: 10, states: ['queued', 'failed'] })).toHaveLength(4);
      expect(rest[1]?.instances).toHaveLength(1);
    });

    it('pages through all runs of a project, the newest made first', async () => {
      const ports = getPorts();
      const [tenant, other] = [await makeTenant(ports), await makeTenant(ports)];
      const jobs = [await planRun(ports, tenant, TICK), await planRun(ports, tenant, TICK)];
      await planRun(ports, other, TICK);
      const query = { project: tenant.project, limit: 1 };
      const [newest] = await ports.runs.listNewest(query);
      expect(newest).toMatchObject({ job: jobs[1], instances: [{ role: 'task' }] });
      const rest = await ports.runs.listNewest({
        ...query,
        limit: 10,
        beforeId: present(newest, 'a run').id,
      });
      expect(rest.map(({ job }) => job)).toEqual([jobs[0]]);
      expect(await ports.runs.listNewest({ ...query, states: ['failed'] })).toEqual([]);
      expect(await ports.runs.listNewest({ ...query, limit: 10, states: ['queued'] })).toHaveLength(2);
      const nowhere = { ...query, namespace: parseNamespaceName('nowhere') };
      expect(await ports.runs.listNewest(nowhere)).toEqual([]);
    });

    it('knows the last run of a job that is deployed, and of no other', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const key = { project: tenant.project, job };
      const { id: jobId, versionId, spec } = present(await ports.jobs.find(key), 'the job');
      const later = new Date(TICK.getTime() + 86_400_000);
      await deployJob(ports, tenant, { ...spec, nextScheduledAt: later });
      const window = { start: TICK, end: later };
      const runs = [{ jobId, versionId, scheduledAt: later, window, priority: 1 }];
      await ports.schedules.advance([{ jobId, versionId, from: later, to: undefined, runs }]);
      expect(await ports.runs.findLast(key)).toEqual(await ports.runs.find({ ...key, scheduledAt: later }));
      await deleteDeployed(ports, tenant, job);
      expect(await ports.runs.findLast(key)).toBeUndefined();
    });

    it('has no last run of a job without runs', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deployJob(ports, tenant, {});
      expect(await ports.runs.findLast({ project: tenant.project, job })).toBeUndefined();
    });

    it('finds nothing at a tick that was never planned', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const key = { project: tenant.project, job, scheduledAt: new Date(0) };
      expect(await ports.runs.find(key)).toBeUndefined();
      expect(await ports.runs.findDetail(key)).toBeUndefined();
    });
  });
}
