import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { HistoryPosition } from '../ports/history-store.ts';
import type { ClaimedAttempt } from '../ports/run-store.ts';
import type { PlannedRun, RunDetail } from '../run/run.ts';
import { claimOf, claimOne, DONE, EXIT_0, EXIT_1, TICK } from './run-claims.ts';
import { deployJob, type GetStorePorts, makeTenant, type StorePorts, type Tenant } from './store-ports.ts';

const DAY_MS = 86_400_000;
const FAILED = { kind: 'failed', message: 'exited with code 1' } as const;

/** A day after {@link TICK}, or more. */
function toTick(day: number): Date {
  return new Date(TICK.getTime() + day * DAY_MS);
}

/** A job of which as many ticks as wanted are planned, one a day. */
async function plan(ports: StorePorts, tenant: Tenant, ticks: number, name = 'daily'): Promise<Job> {
  const job = await deployJob(ports, tenant, { name: parseJobName(name), nextScheduledAt: TICK });
  const stored = present(await ports.jobs.find({ project: tenant.project, job }), 'the job');
  const { id: jobId, versionId } = stored;
  const runs = Array.from({ length: ticks }, (_, day) => toRun(stored, toTick(day)));
  await ports.schedules.advance([{ jobId, versionId, from: TICK, to: toTick(ticks), runs }]);
  return stored;
}

function toRun({ id: jobId, versionId }: Job, scheduledAt: Date): PlannedRun {
  return { jobId, versionId, scheduledAt, window: { start: TICK, end: scheduledAt }, priority: 1 };
}

/** Ends everything of the tenant that may start, and answers its attempts. */
async function succeed(ports: StorePorts, tenant: Tenant): Promise<readonly ClaimedAttempt[]> {
  const attempts = await claimOf(ports, tenant);
  for (const attempt of attempts) await ports.runs.finish(attempt, EXIT_0, DONE);
  return attempts;
}

/** A whole pass over everything that has ended by now. */
async function prune(ports: StorePorts, keep: number, limit = 100): Promise<number> {
  let removed = 0;
  let after: HistoryPosition | undefined;
  do {
    const step = await ports.history.pruneRuns({ olderThanMs: 0, limit, keep, ...(after && { after }) });
    removed += step.removed;
    after = step.next;
  } while (after !== undefined);
  return removed;
}

function listRuns(ports: StorePorts, { project, spec }: Job): Promise<readonly RunDetail[]> {
  return ports.runs.list({ project, job: spec.name, limit: 100 });
}

async function listTicks(ports: StorePorts, job: Job): Promise<readonly Date[]> {
  return (await listRuns(ports, job)).map(({ scheduledAt }) => scheduledAt);
}

/** What every store promises of what it removes. */
export function describeHistory(getPorts: GetStorePorts): void {
  describe('retention', () => {
    it('removes runs that ended, with their attempts, but for the newest of each job', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [job, other] = [await plan(ports, tenant, 5), await plan(ports, tenant, 1, 'other')];
      const attempts = await succeed(ports, tenant);
      await prune(ports, 2);
      expect(await listTicks(ports, job)).toEqual([toTick(4), toTick(3)]);
      expect(await listTicks(ports, other)).toEqual([TICK]);
      const gone = attempts.filter((one) => one.job === job.spec.name && one.scheduledAt < toTick(3));
      const ids = attempts.map(({ attemptId }) => attemptId);
      expect((await ports.history.listForgotten(ids)).toSorted()).toEqual(
        gone.map(({ attemptId }) => attemptId).toSorted(),
      );
      expect((await ports.history.listForgotten(ids, 0)).toSorted()).toEqual(ids.toSorted());
    });

    it('remembers of each job up to where its history was removed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, 4);
      const key = { project: job.project, job: job.spec.name };
      expect(await ports.runs.findRemoved(key)).toBeUndefined();
      await succeed(ports, tenant);
      await prune(ports, 3);
      expect(await ports.runs.findRemoved(key)).toEqual({ until: TICK, count: 1 });
      await prune(ports, 1);
      expect(await ports.runs.findRemoved(key)).toEqual({ until: toTick(2), count: 3 });
      expect(await ports.runs.list({ ...key, limit: 10, before: toTick(3) })).toEqual([]);
    });

    it('goes in steps of the wanted size, each from where the one before ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await prune(ports, 1);
      const job = await plan(ports, tenant, 9);
      await succeed(ports, tenant);
      const request = { olderThanMs: 0, limit: 2, keep: 1 };
      let steps = 0;
      for (let next: HistoryPosition | undefined = ''; next !== undefined; steps += 1) {
        const step = await ports.history.pruneRuns({ ...request, ...(next && { after: next }) });
        expect(step.removed).toBeLessThanOrEqual(2);
        next = step.next;
      }
      expect(steps).toBeGreaterThanOrEqual(5);
      expect(await listTicks(ports, job)).toEqual([toTick(8)]);
    });

    it('leaves what ended lately, and what has not ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, 3);
      const [live, ended] = await claimOf(ports, tenant);
      await ports.runs.finish(present(ended, 'an attempt'), EXIT_0, DONE);
      await ports.history.pruneRuns({ olderThanMs: 60_000, limit: 100, keep: 1 });
      expect(await listRuns(ports, job)).toHaveLength(3);
      await prune(ports, 1);
      expect((await listRuns(ports, job)).map(({ state }) => state)).not.toContain('success');
      expect(await ports.history.listForgotten([present(live, 'an attempt').attemptId], 0)).toEqual([]);
    });

    it('leaves a run that was canceled until its last attempt has ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, 1);
      const attempt = await claimOne(ports, tenant);
      const key = { project: job.project, job: job.spec.name, scheduledAt: TICK };
      await ports.runs.endEarly(key, { state: 'canceled', message: '' });
      for (const day of [5, 6]) await ports.runs.create(toRun(job, toTick(day)));
      await succeed(ports, tenant);
      await ports.schedules.advance([
        {
          jobId: job.id,
          versionId: job.versionId,
          from: toTick(1),
          to: undefined,
          runs: [toRun(job, toTick(1))],
        },
      ]);
      await prune(ports, 1);
      expect(await ports.runs.find(key)).toBeDefined();
      await ports.runs.finish(attempt, EXIT_1, FAILED);
      await prune(ports, 1);
      expect(await ports.runs.find(key)).toBeUndefined();
    });

    it('leaves a run that failed while another waits for its success', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, down] = [await plan(ports, tenant, 3, 'upstream'), await plan(ports, tenant, 0, 'down')];
      for (const attempt of await claimOf(ports, tenant)) await ports.runs.finish(attempt, EXIT_1, FAILED);
      const waiting = { ...toRun(down, TICK), waits: [{ jobId: up.id, scheduledAt: TICK }] };
      const { id: jobId, versionId } = down;
      await ports.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs: [waiting] }]);
      await prune(ports, 1);
      expect(await listTicks(ports, up)).toEqual([toTick(2), TICK]);
      expect((await listRuns(ports, down))[0]?.state).toBe('wait_upstream');
      const key = { project: up.project, job: up.spec.name, scheduledAt: TICK };
      await ports.runs.endEarly(key, { state: 'success', message: '' });
      expect((await listRuns(ports, down))[0]?.state).toBe('queued');
      await prune(ports, 1);
      expect(await listTicks(ports, up)).toEqual([toTick(2)]);
    });

    it('leaves the newest tick that the schedule planned, however many runs came after it by hand', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, 2);
      for (const day of [7, 8, 9]) await ports.runs.create(toRun(job, toTick(day)));
      await succeed(ports, tenant);
      await prune(ports, 1);
      expect(await listTicks(ports, job)).toEqual([toTick(9), toTick(1)]);
    });

    it('removes the events of what ended, and leaves the runs', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await plan(ports, tenant, 2);
      await succeed(ports, tenant);
      const removed = await pruneEvents(ports);
      // Planned, claimed and ended, of two runs at least.
      expect(removed).toBeGreaterThanOrEqual(6);
      expect(await pruneEvents(ports)).toBe(0);
      expect(await listRuns(ports, job)).toHaveLength(2);
    });
  });
}

async function pruneEvents({ history }: StorePorts): Promise<number> {
  let removed = 0;
  let after: HistoryPosition | undefined;
  do {
    const step = await history.pruneEvents({ olderThanMs: 0, limit: 5, ...(after && { after }) });
    removed += step.removed;
    after = step.next;
  } while (after !== undefined);
  return removed;
}
