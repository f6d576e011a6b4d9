import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { PlannedInstance, RunKey, RunWait } from '../run/run.ts';
import {
  claimOf,
  claimOne,
  DONE,
  EXIT_0,
  EXIT_1,
  FAILED,
  getRun,
  makeServer,
  planJob,
  runOf,
  TICK,
} from './run-claims.ts';
import {
  type GetStorePorts,
  makeTenant,
  planRun,
  type StorePorts,
  type Tenant,
  toUpsert,
} from './store-ports.ts';

const HOOKED: readonly PlannedInstance[] = [
  { type: 'hook', name: 'check', role: 'pre', position: 0 },
  { type: 'task', name: 'neo', role: 'task', position: 1 },
  { type: 'hook', name: 'alarm', role: 'fail', position: 2 },
];

/** Plans the run of the job at {@link TICK}, which waits. */
async function planWaiting(
  ports: StorePorts,
  tenant: Tenant,
  { id: jobId, versionId, spec }: Job,
  waits: readonly RunWait[],
): Promise<void> {
  const upsert = toUpsert(tenant, spec, { nextScheduledAt: TICK });
  await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
  const window = { start: TICK, end: TICK };
  const run = { jobId, versionId, scheduledAt: TICK, window, priority: 1, waits };
  await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs: [run] }]);
}

function keyOf({ project }: Tenant, job: Job['spec']['name']): RunKey {
  return { project, job, scheduledAt: TICK };
}

/** What every store of runs promises to those who step in. */
export function describeRunControl(getPorts: GetStorePorts): void {
  describe('canceling a run', () => {
    it('keeps it from being claimed, when it has not begun', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      expect(
        await ports.runs.endEarly(keyOf(tenant, job), { state: 'canceled', message: 'by ada' }),
      ).toMatchObject({ state: 'canceled', message: 'by ada' });
      expect(await claimOf(ports, tenant)).toEqual([]);
      expect((await getRun(ports, tenant, job)).instances[0]?.state).toBe('canceled');
    });

    it('has the server end the attempt that lives, whose end then changes nothing', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const server = makeServer();
      const attempt = await claimOne(ports, tenant, server);
      const heard: string[] = [];
      const stop = ports.changes.subscribe(
        (change) => change.topic === 'run_ended_early' && heard.push(change.id),
      );
      expect((await ports.runs.listEnding(server)).attempts).toEqual([]);
      await ports.runs.endEarly(keyOf(tenant, job), { state: 'canceled', message: '' });
      const { attemptId, fence } = attempt;
      expect(await ports.runs.listEnding(server)).toEqual({
        attempts: [{ attemptId, fence, reason: 'run_over' }],
        nextInMs: undefined,
      });
      await expect.poll(() => heard).toContain(attempt.runId);
      stop();
      expect(await ports.runs.finish(attempt, EXIT_0, DONE)).toEqual({ state: 'canceled', isEnd: false });
      expect(await getRun(ports, tenant, job)).toMatchObject({
        state: 'canceled',
        instances: [{ state: 'canceled', attempts: [{ state: 'canceled' }] }],
      });
    });

    it('is for runs that have not ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      expect(
        await ports.runs.endEarly(keyOf(tenant, job), { state: 'canceled', message: '' }),
      ).toBeUndefined();
      const absent = { ...keyOf(tenant, job), scheduledAt: new Date(0) };
      expect(await ports.runs.endEarly(absent, { state: 'success', message: '' })).toBeUndefined();
    });

    it('either comes before a claim or finds its attempt, never in between', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = await Promise.all(Array.from({ length: 20 }, () => planRun(ports, tenant, TICK)));
      const [claimed] = await Promise.all([
        claimOf(ports, tenant),
        ...jobs.map((job) => ports.runs.endEarly(keyOf(tenant, job), { state: 'canceled', message: '' })),
      ]);
      const runs = await Promise.all(jobs.map((job) => getRun(ports, tenant, job)));
      const withAttempt = runs.filter(({ instances }) => instances[0]?.attempts.length === 1);
      expect(runs.map(({ state }) => state)).toEqual(jobs.map(() => 'canceled'));
      expect(withAttempt.map(({ id }) => id).sort()).toEqual(claimed.map(({ runId }) => runId).sort());
    });
  });

  describe('marking a run', () => {
    it('makes a failed one a success, upon which others begin', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, {});
      const down = await planJob(ports, tenant, { name: 'downstream', ticks: 0 });
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      await planWaiting(ports, tenant, down, [{ jobId: job.id, scheduledAt: TICK }]);
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.endEarly(keyOf(tenant, job.spec.name), { state: 'success', message: 'marked by ada' });
      expect(await getRun(ports, tenant, job.spec.name)).toMatchObject({
        state: 'success',
        message: 'marked by ada',
      });
      expect((await claimOne(ports, tenant)).job).toBe('downstream');
    });

    it('as skipped has nobody wait for it, now or later, and leaves it to be rerun', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, {});
      const [before, after] = [
        await planJob(ports, tenant, { name: 'before', ticks: 0 }),
        await planJob(ports, tenant, { name: 'after', ticks: 0 }),
      ];
      const waits = [{ jobId: job.id, scheduledAt: TICK }];
      const key = keyOf(tenant, job.spec.name);
      await planWaiting(ports, tenant, before, waits);
      expect((await getRun(ports, tenant, before.spec.name)).state).toBe('wait_upstream');
      expect(await ports.runs.endEarly(key, { state: 'skipped', message: 'no data' })).toMatchObject({
        state: 'skipped',
        message: 'no data',
        startedAt: undefined,
        finishedAt: expect.any(Date),
      });
      await planWaiting(ports, tenant, after, waits);
      expect((await claimOf(ports, tenant)).map((attempt) => attempt.job).sort()).toEqual([
        'after',
        'before',
      ]);
      expect(await ports.runs.endEarly(key, { state: 'canceled', message: '' })).toBeUndefined();
      expect(await ports.runs.rerun(key, { scope: 'all' })).toMatchObject({ state: 'queued' });
    });

    it('skips what has not begun', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { instances: HOOKED });
      await ports.runs.endEarly(keyOf(tenant, job.spec.name), { state: 'failed', message: '' });
      const { state, instances } = await getRun(ports, tenant, job.spec.name);
      expect([state, ...instances.map((one) => one.state)]).toEqual([
        'failed',
        'skipped',
        'skipped',
        'skipped',
      ]);
    });
  });

  describe('rerunning a run', () => {
    it('runs all of it again, with all its tries', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      expect(await ports.runs.rerun(keyOf(tenant, job), { scope: 'all' })).toMatchObject({
        state: 'queued',
        message: '',
        finishedAt: undefined,
      });
      const again = await claimOne(ports, tenant);
      expect(again.number).toBe(2);
      expect(await ports.runs.countEnded(again)).toEqual({ failed: 0, lost: 0 });
      await ports.runs.finish(again, EXIT_0, DONE);
      expect((await getRun(ports, tenant, job)).state).toBe('success');
    });

    it('leaves alone what succeeded, when only the failed is asked for', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { instances: HOOKED });
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      const key = keyOf(tenant, job.spec.name);
      expect((await ports.runs.find(key))?.state).toBe('failed');
      await ports.runs.rerun(key, { scope: 'failed' });
      expect((await claimOne(ports, tenant)).instance).toEqual({ type: 'task', name: 'neo' });
      const { instances } = await getRun(ports, tenant, job.spec.name);
      expect(instances.map(({ state }) => state)).toEqual(['success', 'running', 'pending']);
    });

    it('runs one instance again that is asked for, with what did not succeed, and leaves the rest', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { instances: HOOKED });
      for (const outcome of [EXIT_0, EXIT_0]) {
        await ports.runs.finish(await claimOne(ports, tenant), outcome, DONE);
      }
      const key = keyOf(tenant, job.spec.name);
      const states = async () =>
        (await getRun(ports, tenant, job.spec.name)).instances.map(({ state }) => state);
      expect(await states()).toEqual(['success', 'success', 'skipped']);
      const instance = { type: 'task', name: 'neo' } as const;
      await ports.runs.rerun(key, { scope: 'failed', instance });
      const again = await claimOne(ports, tenant);
      expect(again).toMatchObject({ instance, number: 2 });
      await ports.runs.finish(again, EXIT_1, FAILED);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      expect(await states()).toEqual(['success', 'failed', 'success']);
      await ports.runs.rerun(key, { scope: 'failed', instance: { type: 'hook', name: 'check' } });
      expect((await claimOne(ports, tenant)).instance.name).toBe('check');
      expect(await states()).toEqual(['running', 'pending', 'pending']);
    });

    it('follows another version with its window and its instances, when asked to', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, {});
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      const spec = { ...job.spec, description: 'now with hooks' };
      await ports.jobs.apply({
        project: tenant.project,
        upserts: [toUpsert(tenant, spec, { instances: HOOKED })],
        deletes: [],
        author: '',
      });
      const { versionId } = present(
        await ports.jobs.find({ project: tenant.project, job: spec.name }),
        'the job',
      );
      const window = { start: new Date(0), end: TICK };
      const run = await ports.runs.rerun(keyOf(tenant, spec.name), {
        scope: 'all',
        version: { id: versionId, window },
      });
      expect(run).toMatchObject({ versionId, window });
      expect((await claimOne(ports, tenant)).instance.name).toBe('check');
    });

    it('is for runs that have ended, with all their attempts', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const key = keyOf(tenant, job);
      expect(await ports.runs.rerun(key, { scope: 'all' })).toBeUndefined();
      const attempt = await claimOne(ports, tenant);
      await ports.runs.endEarly(key, { state: 'canceled', message: '' });
      expect(await ports.runs.rerun(key, { scope: 'all' })).toBeUndefined();
      await ports.runs.finish(attempt, EXIT_0, DONE);
      expect(await ports.runs.rerun(key, { scope: 'all' })).toMatchObject({ state: 'queued' });
    });
  });

  describe('pausing a job', () => {
    it('has none of its runs begin and none of its ticks planned until it is resumed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, {});
      const key = { project: tenant.project, job: job.spec.name };
      expect(await ports.runs.setPaused(key, true)).toBe(true);
      expect(await claimOf(ports, tenant)).toEqual([]);
      const upsert = toUpsert(tenant, job.spec, { nextScheduledAt: TICK });
      await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
      const isDue = async () =>
        (await ports.schedules.listDue(1000)).jobs.some(({ jobId }) => jobId === job.id);
      expect(await isDue()).toBe(false);
      expect(await ports.runs.setPaused(key, false)).toBe(true);
      expect(await isDue()).toBe(true);
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });

    it('has a rerun and a run by hand wait as well', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, {});
      const key = { project: tenant.project, job: job.spec.name };
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      await ports.runs.setPaused(key, true);
      await ports.runs.rerun(keyOf(tenant, job.spec.name), { scope: 'all' });
      await ports.runs.create(runOf(job, new Date(TICK.getTime() + 1000)));
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.setPaused(key, false);
      expect(await claimOf(ports, tenant)).toHaveLength(2);
    });

    it('holds back a run that is made by hand in the same moment', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          planJob(ports, tenant, { name: `job-${number}`, ticks: 0 }),
        ),
      );
      await Promise.all(
        jobs.flatMap((job) => [
          ports.runs.setPaused({ project: tenant.project, job: job.spec.name }, true),
          ports.runs.create(runOf(job, TICK)),
        ]),
      );
      expect(await claimOf(ports, tenant)).toEqual([]);
    });

    it('is for jobs that are deployed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      expect(
        await ports.runs.setPaused({ project: tenant.project, job: parseJobName('nowhere') }, true),
      ).toBe(false);
    });

    it('holds back a run whose last upstream succeeds in the same moment', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const up = await planJob(ports, tenant, { name: 'upstream' });
      const down = await planJob(ports, tenant, { name: 'downstream', ticks: 0 });
      const attempt = await claimOne(ports, tenant);
      const upsert = toUpsert(tenant, down.spec, { nextScheduledAt: TICK });
      await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
      const waits = [{ jobId: up.id, scheduledAt: TICK }];
      const { id: jobId, versionId } = down;
      const run = {
        jobId,
        versionId,
        scheduledAt: TICK,
        window: { start: TICK, end: TICK },
        priority: 1,
        waits,
      };
      await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs: [run] }]);
      const key = { project: tenant.project, job: down.spec.name };
      await Promise.all([ports.runs.setPaused(key, true), ports.runs.finish(attempt, EXIT_0, DONE)]);
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.setPaused(key, false);
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });
  });

  describe('a timeout', () => {
    it('of an attempt or a run is told to the server that holds it', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const server = makeServer();
      await planJob(ports, tenant, { name: 'slow-attempt', behavior: { attemptTimeoutMs: 60_000 } });
      await planJob(ports, tenant, {
        name: 'slow-run',
        behavior: { runTimeoutMs: 1, attemptTimeoutMs: 60_000 },
      });
      const attempts = await claimOf(ports, tenant, server);
      expect(attempts.map(({ hasDeadline }) => hasDeadline)).toEqual([true, true]);
      const run = attempts.find(({ job }) => job === 'slow-run');
      await expect
        .poll(async () => (await ports.runs.listEnding(server)).attempts)
        .toEqual([{ attemptId: run?.attemptId, fence: run?.fence, reason: 'run_timeout' }]);
      const { nextInMs } = await ports.runs.listEnding(server);
      expect(nextInMs).toBeGreaterThan(0);
      expect(nextInMs).toBeLessThanOrEqual(60_000);
    });

    it('of a run leaves its fail hooks their time', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planJob(ports, tenant, { instances: HOOKED, behavior: { runTimeoutMs: 60_000 } });
      const check = await claimOne(ports, tenant);
      expect(check.hasDeadline).toBe(true);
      await ports.runs.finish(check, EXIT_1, FAILED);
      const alarm = await claimOne(ports, tenant);
      expect([alarm.instance.name, alarm.hasDeadline]).toEqual(['alarm', false]);
    });

    it('of a run leaves no time for a pause that ends after it', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { spec } = await planJob(ports, tenant, { behavior: { runTimeoutMs: 60_000 } });
      const retry = (delayMs: number) => ({ kind: 'retry', delayMs, message: 'exited with code 1' }) as const;
      expect(await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, retry(0))).toEqual({
        state: 'up_for_retry',
        isEnd: false,
      });
      expect(await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, retry(60_000))).toEqual({
        state: 'failed',
        isEnd: true,
      });
      expect(await getRun(ports, tenant, spec.name)).toMatchObject({
        state: 'failed',
        message: 'exited with code 1; the time of its run, 1 min, is over before it could be tried again',
        instances: [{ state: 'failed' }],
      });
    });

    it('of a run ends what of it waits for a slot, which nobody claims any more', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { spec } = await planJob(ports, tenant, { instances: HOOKED, behavior: { runTimeoutMs: 300 } });
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      await expect
        .poll(async () => {
          await ports.runs.settleOverdue();
          return (await getRun(ports, tenant, spec.name)).instances.map(({ state }) => state);
        })
        .toEqual(['success', 'failed', 'queued']);
      const alarm = await claimOf(ports, tenant);
      expect(alarm.map(({ instance }) => instance.name)).toEqual(['alarm']);
      await ports.runs.finish(present(alarm[0], 'the fail hook'), EXIT_0, DONE);
      expect(await getRun(ports, tenant, spec.name)).toMatchObject({
        state: 'failed',
        message: 'was not begun: the time of its run, 0.3 s, was over',
        instances: [{ state: 'success' }, { state: 'failed', attempts: [] }, { state: 'success' }],
      });
    });
  });
}
