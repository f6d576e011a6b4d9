import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { NextStep } from '../run/attempt-outcome.ts';
import { claimOf, claimOne, DONE, EXIT_0, EXIT_1, getRun, makeServer, STALE, TICK } from './run-claims.ts';
import { deleteDeployed, type GetStorePorts, makeTenant, planRun } from './store-ports.ts';

/** What every store of runs promises of claims and attempts. */
export function describeRunStore(getPorts: GetStorePorts): void {
  describe('a run by hand', () => {
    it('is ready to be claimed, once per tick, and moves no schedule', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { job, project } = await planRun(ports, tenant, TICK).then(async (name) => ({
        job: present(await ports.jobs.find({ project: tenant.project, job: name }), 'the job'),
        project: tenant.project,
      }));
      const scheduledAt = new Date('2022-09-19T12:34:56Z');
      const window = { start: TICK, end: scheduledAt };
      const run = { jobId: job.id, versionId: job.versionId, scheduledAt, window, priority: 9 };
      const before = await ports.jobs.findDigest({ project, job: job.spec.name });
      expect([await ports.runs.create(run), await ports.runs.create(run)]).toEqual([true, false]);
      expect(await ports.jobs.findDigest({ project, job: job.spec.name })).toEqual(before);
      const [first] = await claimOf(ports, tenant);
      expect(first).toMatchObject({ scheduledAt, window, instance: { type: 'task' }, number: 1 });
    });

    it('is not made of a deleted job', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const name = await planRun(ports, tenant, TICK);
      const job = present(await ports.jobs.find({ project: tenant.project, job: name }), 'the job');
      await deleteDeployed(ports, tenant, name);
      const run = { jobId: job.id, versionId: job.versionId, scheduledAt: new Date(), priority: 1 };
      expect(await ports.runs.create({ ...run, window: { start: TICK, end: TICK } })).toBe(false);
    });
  });

  describe('claiming', () => {
    it('gives a ready run with all that starting needs, and records the attempt', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant);
      expect(attempt).toMatchObject({
        ...tenant,
        job,
        number: 1,
        scheduledAt: TICK,
        instance: { type: 'task', name: 'neo' },
      });
      const run = await getRun(ports, tenant, job);
      expect(run).toMatchObject({
        state: 'running',
        id: attempt.runId,
        executionTime: attempt.executionTime,
        window: attempt.window,
      });
      expect(run.instances).toMatchObject([
        { state: 'running', attempts: [{ id: attempt.attemptId, number: 1, state: 'starting' }] },
      ]);
      expect(run.startedAt).toBeInstanceOf(Date);
    });

    it('never gives one run twice, however many claim at once', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      for (let i = 0; i < 20; i++) await planRun(ports, tenant, TICK);
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => ports.runs.claim(makeServer(), { limit: 4, leaseMs: 60_000 })),
      );
      const rest = await claimOf(ports, tenant);
      const all = [...claims.flatMap((claim) => claim.attempts), ...rest].filter(
        (attempt) => attempt.project === tenant.project,
      );
      expect(new Set(all.map((attempt) => attempt.runId)).size).toBe(20);
      expect(all).toHaveLength(20);
    });

    it('gives the most important run first, and the one that waits longest among equals', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await claimOf(ports, tenant);
      const first = await planRun(ports, tenant, TICK, 1);
      const second = await planRun(ports, tenant, TICK, 1);
      const urgent = await planRun(ports, tenant, TICK, 9);
      const claimed = [];
      for (let i = 0; i < 3; i++)
        claimed.push(...(await ports.runs.claim(makeServer(), { limit: 1, leaseMs: 60_000 })).attempts);
      expect(claimed.map((attempt) => attempt.job)).toEqual([urgent, first, second]);
    });

    it('gives no more than it was asked for', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      await planRun(ports, tenant, TICK);
      expect((await ports.runs.claim(makeServer(), { limit: 1, leaseMs: 60_000 })).attempts).toHaveLength(1);
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });

    it('waits for the pause before a retry, and tells how long', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const first = await claimOne(ports, tenant);
      await ports.runs.finish(first, EXIT_1, {
        kind: 'retry',
        delayMs: 60_000,
        message: 'exited with code 1',
      });
      const { attempts, nextReadyInMs } = await ports.runs.claim(makeServer(), {
        limit: 1000,
        leaseMs: 60_000,
      });
      expect(attempts.filter((attempt) => attempt.runId === first.runId)).toEqual([]);
      expect(nextReadyInMs).toBeGreaterThan(0);
      expect(nextReadyInMs).toBeLessThanOrEqual(60_000);
    });
  });

  describe('an attempt', () => {
    it('leads to its instance while it lives, whoever holds it, and no longer', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const server = makeServer();
      const attempt = await claimOne(ports, tenant, server);
      const find = () => ports.runs.findLiveInstance(attempt.attemptId);
      const key = {
        project: tenant.project,
        job,
        scheduledAt: TICK,
        instance: { type: 'task', name: 'neo' },
      };
      expect(await find()).toEqual(key);
      await ports.runs.markRunning(attempt, { pid: 7 });
      const [adopted] = await ports.runs.adopt(makeServer(server.hostId), 60_000);
      expect(await find()).toEqual(key);
      await ports.runs.finish(present(adopted, 'the adopted attempt'), EXIT_1, {
        kind: 'retry',
        delayMs: 0,
        message: '',
      });
      expect(await find()).toBeUndefined();
      const next = await claimOne(ports, tenant);
      expect(await find()).toBeUndefined();
      expect(await ports.runs.findLiveInstance(next.attemptId)).toEqual(key);
    });

    it('that never was leads nowhere', async () => {
      expect(await getPorts().runs.findLiveInstance('4611686018427387904')).toBeUndefined();
    });

    it('ends its run with success', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant);
      await ports.runs.markRunning(attempt, { pid: 7 });
      await ports.runs.finish(attempt, EXIT_0, DONE);
      const run = await getRun(ports, tenant, job);
      expect(run).toMatchObject({
        state: 'success',
        message: '',
        instances: [{ state: 'success', attempts: [{ state: 'success', exitCode: 0 }] }],
      });
      expect(run.finishedAt).toBeInstanceOf(Date);
    });

    it('keeps what was noted with it, and adds how it ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const first = await claimOne(ports, tenant);
      await ports.runs.note(first, 'KEY has no value\u0000');
      await ports.runs.finish(first, EXIT_1, { kind: 'retry', delayMs: 0, message: 'exited with code 1' });
      const second = await claimOne(ports, tenant);
      await ports.runs.note(second, 'KEY has no value');
      await ports.runs.finish(second, EXIT_0, DONE);
      const run = await getRun(ports, tenant, job);
      expect(run.instances[0]?.attempts.map(({ message }) => message)).toEqual([
        'exited with code 1; KEY has no value\uFFFD',
        'KEY has no value',
      ]);
      expect(run).toMatchObject({ state: 'success', message: '' });
    });

    it('is followed by another one, of the same execution time, when it is to be retried', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const first = await claimOne(ports, tenant);
      await ports.runs.finish(first, EXIT_1, { kind: 'retry', delayMs: 0, message: 'exited with code 1' });
      expect(await getRun(ports, tenant, job)).toMatchObject({
        state: 'up_for_retry',
        message: 'exited with code 1',
        finishedAt: undefined,
      });
      const second = await claimOne(ports, tenant);
      expect(second).toMatchObject({ runId: first.runId, number: 2, executionTime: first.executionTime });
      const [instance] = (await getRun(ports, tenant, job)).instances;
      expect(instance?.attempts.map(({ state, exitCode }) => [state, exitCode])).toEqual([
        ['failed', 1],
        ['starting', undefined],
      ]);
    });

    it('fails its run with the reason', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant);
      await ports.runs.finish(
        attempt,
        { kind: 'signaled', signal: 'SIGKILL' },
        { kind: 'failed', message: 'was ended by signal SIGKILL' },
      );
      const run = await getRun(ports, tenant, job);
      expect(run).toMatchObject({
        state: 'failed',
        message: 'was ended by signal SIGKILL',
        instances: [{ state: 'failed' }],
      });
      expect(run.finishedAt).toBeInstanceOf(Date);
    });

    it('ends whatever its message quotes and however large its exit code is', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const message = 'template:1: unexpected "\u0000" in "half a smile \ud83d"';
      await ports.runs.finish(
        await claimOne(ports, tenant),
        { kind: 'refused', message },
        { kind: 'retry', delayMs: 0, message },
      );
      await ports.runs.finish(
        await claimOne(ports, tenant),
        { kind: 'exited', exitCode: 0xc000_0005 },
        { kind: 'failed', message },
      );
      const run = await getRun(ports, tenant, job);
      expect(run.state).toBe('failed');
      expect(run.message).toContain('template:1: unexpected');
    });

    it('knows how its predecessors ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const retry: NextStep = { kind: 'retry', delayMs: 0, message: '' };
      for (const outcome of [EXIT_1, { kind: 'lost', message: 'gone' }, EXIT_1] as const) {
        await ports.runs.finish(await claimOne(ports, tenant), outcome, retry);
      }
      const fourth = await claimOne(ports, tenant);
      expect(await ports.runs.countEnded(fourth)).toEqual({ failed: 2, lost: 1 });
    });

    it('ended when its task did, which is never before it started', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      await ports.runs.finish({ ...(await claimOne(ports, tenant)), endedMsAgo: 3_600_000 }, EXIT_0, DONE);
      const { instances, finishedAt } = await getRun(ports, tenant, job);
      const attempt = instances[0]?.attempts[0];
      expect(attempt?.finishedAt).toEqual(attempt?.startedAt);
      expect(attempt?.finishedAt?.getTime()).toBeLessThan(Number(finishedAt));
    });

    it('refuses a second end', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant);
      await ports.runs.finish(attempt, EXIT_0, DONE);
      await expect(
        ports.runs.finish(attempt, EXIT_1, { kind: 'failed', message: 'late' }),
      ).rejects.toMatchObject(STALE);
      await expect(ports.runs.markRunning(attempt, {})).rejects.toMatchObject(STALE);
      expect((await getRun(ports, tenant, job)).state).toBe('success');
    });

    it('may be marked running twice, for the answer to the first time may have been lost', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant);
      await ports.runs.markRunning(attempt, { pid: 7 });
      await expect(ports.runs.markRunning(attempt, { pid: 7 })).resolves.toBeUndefined();
    });

    it('announces every change of its run', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const heard: string[] = [];
      const stop = ports.changes.subscribe(
        (change) => change.topic === 'run_changed' && heard.push(change.id),
      );
      const attempt = await claimOne(ports, tenant);
      await ports.runs.markRunning(attempt, {});
      await ports.runs.finish(attempt, EXIT_0, DONE);
      await expect.poll(() => heard.filter((id) => id === attempt.runId)).toHaveLength(3);
      stop();
    });
  });
}
