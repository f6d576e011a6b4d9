import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { JobBehavior } from '../job/job-spec.ts';
import type { PlannedInstance, RunKey, RunWait } from '../run/run.ts';
import { makeJobSpec } from './job-fixtures.ts';
import { claimOf, claimOne, DONE, EXIT_0, EXIT_1, getRun, makeServer, TICK } from './run-claims.ts';
import {
  type GetStorePorts,
  makeTenant,
  planRun,
  type StorePorts,
  type Tenant,
  toUpsert,
} from './store-ports.ts';

const DAY_MS = 86_400_000;
const FAILED = { kind: 'failed', message: 'exited with code 1' } as const;
const HOOKED: readonly PlannedInstance[] = [
  { type: 'hook', name: 'check', role: 'pre', position: 0 },
  { type: 'task', name: 'neo', role: 'task', position: 1 },
  { type: 'hook', name: 'alarm', role: 'fail', position: 2 },
];

/** A job whose ticks from {@link TICK} on are planned, one a day. */
async function plan(
  ports: StorePorts,
  tenant: Tenant,
  {
    ticks = 1,
    behavior,
    instances,
    name = 'job-of-ticks',
  }: {
    readonly ticks?: number;
    readonly behavior?: Partial<JobBehavior>;
    readonly instances?: readonly PlannedInstance[];
    readonly name?: string;
  },
): Promise<Job> {
  const base = makeJobSpec({ name: parseJobName(name) });
  const spec = { ...base, behavior: { ...base.behavior, ...behavior } };
  const upsert = toUpsert(tenant, spec, { nextScheduledAt: TICK, ...(instances && { instances }) });
  await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
  const job = present(await ports.jobs.find({ project: tenant.project, job: spec.name }), 'the job');
  const { id: jobId, versionId } = job;
  const runs = Array.from({ length: ticks }, (_, day) => {
    const scheduledAt = new Date(TICK.getTime() + day * DAY_MS);
    return { jobId, versionId, scheduledAt, window: { start: TICK, end: scheduledAt }, priority: 1 };
  });
  await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs }]);
  return job;
}

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
      await ports.runs.finish(attempt, EXIT_0, DONE);
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
      const job = await plan(ports, tenant, {});
      const down = await plan(ports, tenant, { name: 'downstream', ticks: 0 });
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
      const job = await plan(ports, tenant, {});
      const [before, after] = [
        await plan(ports, tenant, { name: 'before', ticks: 0 }),
        await plan(ports, tenant, { name: 'after', ticks: 0 }),
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
      const job = await plan(ports, tenant, { instances: HOOKED });
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
      const job = await plan(ports, tenant, { instances: HOOKED });
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

    it('follows another version with its window and its instances, when asked to', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, {});
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
      const job = await plan(ports, tenant, {});
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
      const up = await plan(ports, tenant, { name: 'upstream' });
      const down = await plan(ports, tenant, { name: 'downstream', ticks: 0 });
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

  describe('a limit of active runs', () => {
    it('of a job holds the later ticks back until an earlier one has ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await plan(ports, tenant, { ticks: 5, behavior: { maxActiveRuns: 2 } });
      const first = await claimOf(ports, tenant);
      expect(first.map(({ scheduledAt }) => (scheduledAt.getTime() - TICK.getTime()) / DAY_MS)).toEqual([
        0, 1,
      ]);
      await Promise.all(first.map((attempt) => ports.runs.finish(attempt, EXIT_1, FAILED)));
      const second = await claimOf(ports, tenant);
      expect(second.map(({ scheduledAt }) => (scheduledAt.getTime() - TICK.getTime()) / DAY_MS)).toEqual([
        2, 3,
      ]);
    });

    it.each(['project', 'namespace'] as const)(
      'of a %s holds also against many who claim at once',
      async (level) => {
        const ports = getPorts();
        const tenant = await makeTenant(ports);
        const config = { MAX_ACTIVE_RUNS: '3' };
        if (level === 'project') await ports.projects.save({ name: tenant.project, config });
        else await ports.namespaces.save({ project: tenant.project, name: tenant.namespace, config });
        for (let i = 0; i < 6; i++) await planRun(ports, tenant, TICK);
        const claims = await Promise.all(Array.from({ length: 6 }, () => claimOf(ports, tenant)));
        const claimed = claims.flat();
        expect(claimed).toHaveLength(3);
        const [first] = claimed;
        await ports.runs.finish(present(first, 'an attempt'), EXIT_0, DONE);
        expect(await claimOf(ports, tenant)).toHaveLength(1);
      },
    );
  });

  it('namespaces take turns, however many runs one of them has waiting', async () => {
    const ports = getPorts();
    const [busy, quiet] = [await makeTenant(ports), await makeTenant(ports)];
    await claimOf(ports, busy);
    for (let i = 0; i < 10; i++) await planRun(ports, busy, TICK, 9);
    await planRun(ports, quiet, TICK, 1);
    const { attempts } = await ports.runs.claim(makeServer(), { limit: 2, leaseMs: 60_000 });
    expect(attempts.map(({ project }) => project).sort()).toEqual([busy.project, quiet.project].sort());
  });

  describe('a timeout', () => {
    it('of an attempt or a run is told to the server that holds it', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const server = makeServer();
      await plan(ports, tenant, { name: 'slow-attempt', behavior: { attemptTimeoutMs: 60_000 } });
      await plan(ports, tenant, {
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
      await plan(ports, tenant, { instances: HOOKED, behavior: { runTimeoutMs: 60_000 } });
      const check = await claimOne(ports, tenant);
      expect(check.hasDeadline).toBe(true);
      await ports.runs.finish(check, EXIT_1, FAILED);
      const alarm = await claimOne(ports, tenant);
      expect([alarm.instance.name, alarm.hasDeadline]).toEqual(['alarm', false]);
    });
  });
}
