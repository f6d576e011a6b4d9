import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import type { JobResources } from '../job/job-edge.ts';
import { parseJobName } from '../job/job-name.ts';
import type { ScheduleAdvance } from '../ports/run-store.ts';
import type { Run, RunWait } from '../run/run.ts';
import { makeJobSpec } from './job-fixtures.ts';
import { claimOf, claimOne, DONE, EXIT_0, EXIT_1, TICK } from './run-claims.ts';
import {
  deleteDeployed,
  deployJob,
  type GetStorePorts,
  makeTenant,
  type StorePorts,
  type Tenant,
  toUpsert,
} from './store-ports.ts';

const DAY_MS = 86_400_000;
const NEXT = new Date(TICK.getTime() + DAY_MS);

async function deploy(ports: StorePorts, tenant: Tenant, name: string): Promise<Job> {
  const job = await deployJob(ports, tenant, { name: parseJobName(name), nextScheduledAt: TICK });
  return present(await ports.jobs.find({ project: tenant.project, job }), 'the job');
}

/** The passage of the job's first tick, whose run waits. */
function toAdvance(job: Job, waits: readonly RunWait[] = [], to: Date | undefined = NEXT): ScheduleAdvance {
  const { id: jobId, versionId } = job;
  const window = { start: new Date(TICK.getTime() - DAY_MS), end: TICK };
  return {
    jobId,
    versionId,
    from: TICK,
    to,
    runs: [{ jobId, versionId, scheduledAt: TICK, window, priority: 1, waits }],
  };
}

async function getRun(ports: StorePorts, job: Job): Promise<Run> {
  const key = { project: job.project, job: job.spec.name, scheduledAt: TICK };
  return present(await ports.runs.find(key), 'the run');
}

function waitFor(job: Job, scheduledAt = TICK): RunWait {
  return { jobId: job.id, scheduledAt };
}

/** What every store of runs promises of runs that wait for others. */
export function describeRunWaiting(getPorts: GetStorePorts): void {
  describe('a run that waits', () => {
    it('is claimed by nobody until the last of its upstreams has succeeded, and then at once', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [one, two, down] = [
        await deploy(ports, tenant, 'one'),
        await deploy(ports, tenant, 'two'),
        await deploy(ports, tenant, 'down'),
      ];
      await ports.schedules.advance([
        toAdvance(down, [waitFor(one), waitFor(two)]),
        toAdvance(one),
        toAdvance(two),
      ]);
      const key = { project: tenant.project, job: down.spec.name, scheduledAt: TICK };
      expect(await ports.runs.findDetail(key)).toMatchObject({
        state: 'wait_upstream',
        waits: [one, two].map(({ project, spec }) => ({
          project,
          job: spec.name,
          scheduledAt: TICK,
          state: 'queued',
        })),
      });
      const [first, second, ...others] = await claimOf(ports, tenant);
      expect(others).toEqual([]);
      await ports.runs.finish(present(first, 'an attempt'), EXIT_0, DONE);
      expect((await getRun(ports, down)).state).toBe('wait_upstream');
      await ports.runs.finish(present(second, 'an attempt'), EXIT_0, DONE);
      expect((await getRun(ports, down)).state).toBe('queued');
      expect((await claimOne(ports, tenant)).job).toBe('down');
    });

    it('is announced when it may start', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      await ports.schedules.advance([toAdvance(down, [waitFor(up)]), toAdvance(up)]);
      const ready: string[] = [];
      const attempt = await claimOne(ports, tenant);
      const stop = ports.changes.subscribe((change) => change.topic === 'run_ready' && ready.push(change.id));
      await ports.runs.finish(attempt, EXIT_0, DONE);
      const { id } = await getRun(ports, down);
      await expect.poll(() => ready).toContain(id);
      stop();
    });

    it('goes on waiting when its upstream fails', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      await ports.schedules.advance([toAdvance(up), toAdvance(down, [waitFor(up)])]);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, {
        kind: 'failed',
        message: 'exited with code 1',
      });
      expect((await getRun(ports, down)).state).toBe('wait_upstream');
    });

    it('does not wait for what has succeeded before', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      await ports.schedules.advance([toAdvance(up)]);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      await ports.schedules.advance([toAdvance(down, [waitFor(up)])]);
      expect((await getRun(ports, down)).state).toBe('queued');
    });

    it('does not wait for a tick that its upstream has passed without a run', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      const before = new Date(TICK.getTime() - DAY_MS);
      await ports.schedules.advance([toAdvance(down, [waitFor(up, before)])]);
      expect((await getRun(ports, down)).state).toBe('queued');
      expect((await claimOf(ports, tenant)).map(({ job }) => job)).toContain('down');
      expect(up.id).not.toBe(down.id);
    });

    it('stops waiting when its upstream passes the tick without a run', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      await ports.schedules.advance([toAdvance(down, [waitFor(up)])]);
      expect((await getRun(ports, down)).state).toBe('wait_upstream');
      await ports.schedules.advance([{ ...toAdvance(up), runs: [] }]);
      expect((await getRun(ports, down)).state).toBe('queued');
    });

    it('stops waiting when its upstream is planned no more', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await deploy(ports, tenant, 'upstream'), await deploy(ports, tenant, 'down')];
      await ports.schedules.advance([toAdvance(down, [waitFor(up)])]);
      await ports.schedules.dropVainWaits();
      expect((await getRun(ports, down)).state).toBe('wait_upstream');
      await deleteDeployed(ports, tenant, up.spec.name);
      await ports.schedules.dropVainWaits();
      expect((await getRun(ports, down)).state).toBe('queued');
    });

    it('waits for a tick of an upstream in another project that is still to come', async () => {
      const ports = getPorts();
      const [here, there] = [await makeTenant(ports), await makeTenant(ports)];
      const [up, down] = [await deploy(ports, there, 'upstream'), await deploy(ports, here, 'down')];
      await ports.schedules.advance([toAdvance(down, [waitFor(up, NEXT)]), toAdvance(up)]);
      await ports.runs.finish(await claimOne(ports, there), EXIT_0, DONE);
      expect((await getRun(ports, down)).state).toBe('wait_upstream');
    });

    it('misses no success, however close it comes to the moment at which the wait is written', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const pairs = await Promise.all(
        Array.from({ length: 24 }, async (_, number) => {
          const up = await deploy(ports, tenant, `up-${number}`);
          const down = await deploy(ports, tenant, `down-${number}`);
          await ports.schedules.advance([toAdvance(up)]);
          return { up, down };
        }),
      );
      const attempts = await claimOf(ports, tenant);
      await Promise.all([
        ...attempts.map((attempt) => ports.runs.finish(attempt, EXIT_0, DONE)),
        ...pairs.map(({ up, down }) => ports.schedules.advance([toAdvance(down, [waitFor(up)])])),
      ]);
      const states = await Promise.all(pairs.map(async ({ down }) => (await getRun(ports, down)).state));
      expect(states).toEqual(pairs.map(() => 'queued'));
    });

    it('begins once when its upstreams succeed in the same moment', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const ups = await Promise.all(
        Array.from({ length: 12 }, (_, number) => deploy(ports, tenant, `up-${number}`)),
      );
      const downs = await Promise.all(
        Array.from({ length: 6 }, (_, number) => deploy(ports, tenant, `down-${number}`)),
      );
      const waits = ups.map((up) => waitFor(up));
      await ports.schedules.advance([
        ...ups.map((up) => toAdvance(up)),
        ...downs.map((down) => toAdvance(down, waits)),
      ]);
      const attempts = await claimOf(ports, tenant);
      expect(attempts).toHaveLength(12);
      await Promise.all(attempts.map((attempt) => ports.runs.finish(attempt, EXIT_0, DONE)));
      const claimed = await claimOf(ports, tenant);
      expect(claimed.map(({ job }) => job).sort()).toEqual(downs.map(({ spec }) => spec.name));
    });
  });

  describe('upstreams of a due job', () => {
    it('are none without edges', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, 'lonely');
      const due = (await ports.schedules.listDue(1000)).jobs.find(({ jobId }) => jobId === job.id);
      expect(due?.upstreams).toBeUndefined();
      expect(due?.lastScheduledAt).toBeUndefined();
      expect(due?.unwritten).toBeUndefined();
    });

    it('are not there for what it reads and no job writes, until one does; a wildcard is not told', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const urn = `bigquery://${tenant.project}:d.raw`;
      const store = (name: string, resources: JobResources) => {
        const spec = makeJobSpec({ name: parseJobName(name) });
        const upserts = [toUpsert(tenant, spec, { nextScheduledAt: TICK, resources })];
        return ports.jobs.apply({ project: tenant.project, upserts, deletes: [], author: '' });
      };
      await store('reader', {
        destination: undefined,
        sources: [`bigquery://${tenant.project}:d.a_*`, urn],
      });
      const reader = { project: tenant.project, job: parseJobName('reader') };
      const { id } = present(await ports.jobs.find(reader), 'the job');
      const find = async () => (await ports.schedules.listDue(1000)).jobs.find(({ jobId }) => jobId === id);
      expect((await find())?.unwritten).toEqual([urn]);
      await store('writer', { destination: urn, sources: [] });
      expect(await find()).toMatchObject({ jobId: id, upstreams: [{}] });
      expect((await find())?.unwritten).toBeUndefined();
    });
  });
}
