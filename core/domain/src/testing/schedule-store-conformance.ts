import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { ScheduleAdvance } from '../ports/run-store.ts';
import { makeJobSpec } from './job-fixtures.ts';
import {
  deleteDeployed,
  deployJob,
  type GetStorePorts,
  makeTenant,
  type StorePorts,
  type Tenant,
} from './store-ports.ts';

const FIRST = new Date('2022-09-19T02:00:00Z');
const SECOND = new Date('2022-09-20T02:00:00Z');
const FAR = new Date('2999-01-01T00:00:00Z');

async function getDeployed(ports: StorePorts, tenant: Tenant, nextScheduledAt?: Date): Promise<Job> {
  const name = parseJobName('near-earth-objects');
  await deployJob(ports, tenant, { name, ...(nextScheduledAt && { nextScheduledAt }) });
  return present(await ports.jobs.find({ project: tenant.project, job: name }), 'the job');
}

function toAdvance(job: Job, from: Date, to: Date | undefined): ScheduleAdvance {
  const window = { start: new Date('2022-09-18T00:00:00Z'), end: new Date('2022-09-19T00:00:00Z') };
  const run = { jobId: job.id, versionId: job.versionId, scheduledAt: from, window, priority: 1 };
  return { jobId: job.id, versionId: job.versionId, from, to, runs: [run] };
}

async function listDueIds(ports: StorePorts): Promise<readonly string[]> {
  return (await ports.schedules.listDue(1000)).jobs.map((job) => job.jobId);
}

/** What every store of schedules promises. */
export function describeScheduleStore(getPorts: GetStorePorts): void {
  describe('a schedule store', () => {
    it('lists a job whose cursor has come due, with what planning needs', async () => {
      const ports = getPorts();
      const job = await getDeployed(ports, await makeTenant(ports), FIRST);
      const due = (await ports.schedules.listDue(1000)).jobs.find((one) => one.jobId === job.id);
      expect(due).toMatchObject({
        versionId: job.versionId,
        nextScheduledAt: FIRST,
        spec: { schedule: job.spec.schedule },
      });
    });

    it('lists a job whose window names a preset with the preset as the project has it', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const day = { description: '', size: '1d', truncateTo: 'd' };
      await ports.projects.save({ name: tenant.project, config: {}, presets: { day, other: day } });
      const { task } = makeJobSpec();
      const deploy = (name: string, preset: string) =>
        deployJob(ports, tenant, {
          name: parseJobName(name),
          nextScheduledAt: FIRST,
          task: { ...task, window: { ...task.window, preset } },
        });
      const names = [await deploy('uses', 'day'), await deploy('misses', 'month')];
      const due = (await ports.schedules.listDue(1000)).jobs;
      const presets = names.map((name) => due.find(({ spec }) => spec.name === name)?.presets);
      expect(presets).toEqual([{ day }, undefined]);
    });

    it('stores the zone that a window is written in', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await getDeployed(ports, tenant, FIRST);
      const { runs, ...advance } = toAdvance(job, FIRST, SECOND);
      const zoned = runs.map((run) => ({ ...run, window: { ...run.window, location: 'Asia/Jakarta' } }));
      await ports.schedules.advance([{ ...advance, runs: zoned }]);
      const key = { project: tenant.project, job: job.spec.name, scheduledAt: FIRST };
      expect((await ports.runs.find(key))?.window).toEqual(zoned[0]?.window);
    });

    it('lists no job that is not due, has no next tick or is deleted, and tells when the next one is', async () => {
      const ports = getPorts();
      const later = await getDeployed(ports, await makeTenant(ports), FAR);
      const never = await getDeployed(ports, await makeTenant(ports));
      const tenant = await makeTenant(ports);
      const deleted = await getDeployed(ports, tenant, FIRST);
      await deleteDeployed(ports, tenant, deleted.spec.name);
      const due = await listDueIds(ports);
      for (const job of [later, never, deleted]) expect(due).not.toContain(job.id);
      expect((await ports.schedules.listDue(1)).nextDueAt).toEqual(FAR);
    });

    it('tells the time of the database also when nothing is due', async () => {
      const { now } = await getPorts().schedules.listDue(0);
      expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
    });

    it('stores the run, pinned to its version, with the instance of its task, and moves the cursor', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await getDeployed(ports, tenant, FIRST);
      await ports.schedules.advance([toAdvance(job, FIRST, SECOND)]);
      const run = await ports.runs.findDetail({
        project: tenant.project,
        job: job.spec.name,
        scheduledAt: FIRST,
      });
      const instances = [{ type: 'task', name: 'neo', state: 'queued', attempts: [] }];
      expect(run).toMatchObject({ state: 'queued', versionId: job.versionId, ...tenant, instances });
      const due = (await ports.schedules.listDue(1000)).jobs.find((one) => one.jobId === job.id);
      expect(due?.nextScheduledAt).toEqual(SECOND);
    });

    it('skips a cursor that has moved meanwhile, with its runs', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await getDeployed(ports, tenant, SECOND);
      await ports.schedules.advance([toAdvance(job, FIRST, FAR)]);
      expect(await ports.runs.list({ project: tenant.project, job: job.spec.name, limit: 10 })).toEqual([]);
      expect(await listDueIds(ports)).toContain(job.id);
    });

    it('leaves the cursor of a job alone that was deployed anew while its ticks were planned', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await getDeployed(ports, tenant, FIRST);
      await deployJob(ports, tenant, {
        name: job.spec.name,
        description: 'follows another schedule',
        nextScheduledAt: FIRST,
      });
      await ports.schedules.advance([toAdvance(job, FIRST, FAR)]);
      expect(await ports.runs.list({ project: tenant.project, job: job.spec.name, limit: 10 })).toEqual([]);
      const due = (await ports.schedules.listDue(1000)).jobs.find((one) => one.jobId === job.id);
      expect(due?.nextScheduledAt).toEqual(FIRST);
    });

    it('never doubles a run, also when many planners find the same cursor due', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await getDeployed(ports, tenant, FIRST);
      await Promise.all(
        Array.from({ length: 8 }, () => ports.schedules.advance([toAdvance(job, FIRST, SECOND)])),
      );
      await getDeployed(ports, tenant, FIRST);
      await ports.schedules.advance([toAdvance(job, FIRST, SECOND)]);
      expect(await ports.runs.list({ project: tenant.project, job: job.spec.name, limit: 10 })).toHaveLength(
        1,
      );
    });

    it('announces each run that becomes ready', async () => {
      const ports = getPorts();
      const job = await getDeployed(ports, await makeTenant(ports), FIRST);
      const ready: string[] = [];
      const stop = ports.changes.subscribe((change) => change.topic === 'run_ready' && ready.push(change.id));
      await ports.schedules.advance([toAdvance(job, FIRST, undefined)]);
      const run = await ports.runs.find({ project: job.project, job: job.spec.name, scheduledAt: FIRST });
      await expect.poll(() => ready).toContain(run?.id);
      stop();
    });
  });
}
