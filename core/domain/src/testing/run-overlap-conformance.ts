import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import type { JobBehavior } from '../job/job-spec.ts';
import type { Run, RunWait } from '../run/run.ts';
import { claimOf, claimOne, DONE, EXIT_0, EXIT_1, FAILED, planJob, runOf, TICK } from './run-claims.ts';
import { type GetStorePorts, makeTenant, type StorePorts, type Tenant, toUpsert } from './store-ports.ts';

const DAY_MS = 86_400_000;
type Overlap = NonNullable<JobBehavior['overlap']>;

function tick(day: number): Date {
  return new Date(TICK.getTime() + day * DAY_MS);
}

/** A job whose tick of the first day is planned, and whose cursor stands at the second. */
async function deploy(
  ports: StorePorts,
  tenant: Tenant,
  { overlap, name = 'job', ...behavior }: Partial<JobBehavior> & { readonly name?: string },
): Promise<Job> {
  const job = await planJob(ports, tenant, {
    name,
    ticks: 0,
    behavior: { ...behavior, ...(overlap && { overlap }) },
  });
  const upsert = toUpsert(tenant, job.spec, { nextScheduledAt: TICK });
  await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
  return present(await ports.jobs.find({ project: tenant.project, job: job.spec.name }), 'the job');
}

/** Has the cursor pass days, as the planner does. */
async function pass(
  ports: StorePorts,
  job: Job,
  days: readonly number[],
  waits: readonly RunWait[] = [],
): Promise<void> {
  const { id: jobId, versionId, spec } = job;
  const { overlap } = spec.behavior;
  const [first = 0] = days;
  await ports.schedules.advance([
    {
      jobId,
      versionId,
      from: tick(first),
      to: tick((days.at(-1) ?? 0) + 1),
      runs: days.map((day) => ({ ...runOf(job, tick(day)), waits })),
      ...(overlap && { overlap }),
    },
  ]);
}

async function runAt(ports: StorePorts, { project, spec }: Job, day: number): Promise<Run> {
  return present(await ports.runs.find({ project, job: spec.name, scheduledAt: tick(day) }), 'the run');
}

/** What every store of runs promises of runs of one job that would overlap. */
export function describeRunOverlap(getPorts: GetStorePorts): void {
  describe('a tick that comes due while an earlier run is not over', () => {
    it('waits until that is over, with the policy wait', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap: 'wait' });
      await pass(ports, job, [0]);
      const first = await claimOne(ports, tenant);
      await pass(ports, job, [1]);
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.finish(first, EXIT_1, FAILED);
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(1));
    });

    it('is recorded as skipped at once, with the policy skip, and the next one runs', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap: 'skip' });
      await pass(ports, job, [0]);
      const first = await claimOne(ports, tenant);
      await pass(ports, job, [1]);
      expect(await runAt(ports, job, 1)).toMatchObject({
        state: 'skipped',
        message: `the run of 2022-09-19T02:00:00Z was not over`,
        startedAt: undefined,
        finishedAt: expect.any(Date),
      });
      await ports.runs.finish(first, EXIT_0, DONE);
      await pass(ports, job, [2]);
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(2));
    });

    it('cancels that, with the policy cancel, and begins when its attempt has ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap: 'cancel' });
      await pass(ports, job, [0]);
      const first = await claimOne(ports, tenant);
      const ended: string[] = [];
      const stop = ports.changes.subscribe(
        (change) => change.topic === 'run_ended_early' && ended.push(change.id),
      );
      await pass(ports, job, [1]);
      expect(await runAt(ports, job, 0)).toMatchObject({
        state: 'canceled',
        message: 'the run of 2022-09-20T02:00:00Z took its place',
      });
      await expect.poll(() => ended).toContain(first.runId);
      stop();
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.finish(first, EXIT_1, FAILED);
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(1));
    });

    it('finds also one that waits for its upstreams, and one that runs again', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const up = await deploy(ports, tenant, { name: 'upstream' });
      const waiting = await deploy(ports, tenant, { name: 'waiting', overlap: 'cancel' });
      await pass(ports, waiting, [0], [{ jobId: up.id, scheduledAt: tick(5) }]);
      await pass(ports, waiting, [1]);
      expect((await runAt(ports, waiting, 0)).state).toBe('canceled');
      const again = await deploy(ports, tenant, { name: 'again', overlap: 'skip' });
      await pass(ports, again, [0]);
      const attempts = await claimOf(ports, tenant);
      await Promise.all(attempts.map((attempt) => ports.runs.finish(attempt, EXIT_1, FAILED)));
      await ports.runs.rerun(
        { project: tenant.project, job: again.spec.name, scheduledAt: TICK },
        { scope: 'all' },
      );
      await pass(ports, again, [1]);
      expect((await runAt(ports, again, 1)).state).toBe('skipped');
    });

    it('has its downstreams not wait for a run that is skipped', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap: 'skip' });
      const [before, after] = [
        await deploy(ports, tenant, { name: 'before' }),
        await deploy(ports, tenant, { name: 'after' }),
      ];
      const waits = [{ jobId: job.id, scheduledAt: tick(1) }];
      await pass(ports, job, [0]);
      await pass(ports, before, [0], waits);
      expect((await runAt(ports, before, 0)).state).toBe('wait_upstream');
      await pass(ports, job, [1]);
      await pass(ports, after, [0], waits);
      const states = [await runAt(ports, before, 0), await runAt(ports, after, 0)].map(({ state }) => state);
      expect(states).toEqual(['queued', 'queued']);
    });

    it('has a later run that depends on its past wait for what was in the way of the skipped ones', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap: 'skip', dependsOnPast: true });
      const past = (day: number) => [{ jobId: job.id, scheduledAt: tick(day) }];
      await pass(ports, job, [0]);
      const first = await claimOne(ports, tenant);
      await pass(ports, job, [1], past(0));
      await pass(ports, job, [2], past(1));
      await ports.runs.finish(first, EXIT_1, FAILED);
      await pass(ports, job, [3], past(2));
      expect((await runAt(ports, job, 3)).state).toBe('wait_upstream');
      await ports.runs.endEarly(
        { project: tenant.project, job: job.spec.name, scheduledAt: TICK },
        { state: 'success', message: '' },
      );
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(3));
    });
  });

  describe('a run that depends on its past', () => {
    it('waits for the run before that when its past is skipped, until that has succeeded', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { dependsOnPast: true });
      const keyAt = (day: number) => ({
        project: tenant.project,
        job: job.spec.name,
        scheduledAt: tick(day),
      });
      const past = (day: number) => [{ jobId: job.id, scheduledAt: tick(day) }];
      await pass(ports, job, [0]);
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
      for (const day of [1, 2, 3]) await pass(ports, job, [day], past(day - 1));
      for (const day of [2, 1]) await ports.runs.endEarly(keyAt(day), { state: 'skipped', message: '' });
      expect((await runAt(ports, job, 3)).state).toBe('wait_upstream');
      await ports.runs.endEarly(keyAt(0), { state: 'success', message: '' });
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(3));
    });

    it('begins when its past is skipped and nothing before that is left to wait for', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { dependsOnPast: true });
      await pass(ports, job, [0]);
      await pass(ports, job, [1], [{ jobId: job.id, scheduledAt: tick(0) }]);
      const key = { project: tenant.project, job: job.spec.name, scheduledAt: tick(0) };
      await ports.runs.endEarly(key, { state: 'skipped', message: '' });
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(tick(1));
    });
  });

  describe('ticks of a job that are planned together', () => {
    it.each([
      ['skip', ['queued', 'skipped', 'skipped']],
      ['cancel', ['canceled', 'canceled', 'queued']],
      ['wait', ['queued', 'queued', 'queued']],
    ] as const)('come out as if each had been planned on its own: %s', async (overlap, states) => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await deploy(ports, tenant, { overlap });
      await pass(ports, job, [0, 1, 2]);
      const runs = [await runAt(ports, job, 0), await runAt(ports, job, 1), await runAt(ports, job, 2)];
      expect(runs.map(({ state }) => state)).toEqual(states);
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });
  });

  describe('runs that may not overlap', () => {
    it.each(['wait', 'skip', 'cancel'] as const)(
      'are one at a time, also by hand and again: %s',
      async (overlap) => {
        const ports = getPorts();
        const tenant = await makeTenant(ports);
        const job = await deploy(ports, tenant, { overlap });
        await pass(ports, job, [0]);
        await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
        await ports.runs.create(runOf(job, new Date(TICK.getTime() + 1000)));
        const byHand = await claimOne(ports, tenant);
        const key = { project: tenant.project, job: job.spec.name, scheduledAt: TICK };
        await ports.runs.rerun(key, { scope: 'all' });
        expect(await claimOf(ports, tenant)).toEqual([]);
        await ports.runs.finish(byHand, EXIT_0, DONE);
        expect((await claimOne(ports, tenant)).scheduledAt).toEqual(TICK);
      },
    );

    it.each(['wait', 'skip', 'cancel'] as const)(
      'end well when a tick is planned by many in the moment in which the earlier run ends or is rerun: %s',
      async (overlap: Overlap) => {
        const ports = getPorts();
        const tenant = await makeTenant(ports);
        const jobs = await Promise.all(
          Array.from({ length: 12 }, (_, number) =>
            deploy(ports, tenant, { name: `job-${number}`, overlap }),
          ),
        );
        for (const job of jobs) await pass(ports, job, [0]);
        const attempts = await claimOf(ports, tenant);
        expect(attempts).toHaveLength(12);
        await Promise.all([
          ...attempts.map(async (attempt, index) => {
            await ports.runs.finish(attempt, EXIT_1, FAILED);
            const key = { project: tenant.project, job: attempt.job, scheduledAt: TICK };
            if (index % 3 === 0) await ports.runs.rerun(key, { scope: 'all' });
          }),
          ...jobs.map((job) => pass(ports, job, [1])),
          ...jobs.map((job) => pass(ports, job, [1])),
        ]);
        await seeThrough(ports, tenant);
        for (const job of jobs) {
          const [first, second] = [await runAt(ports, job, 0), await runAt(ports, job, 1)];
          expect(['failed', overlap === 'cancel' ? 'canceled' : 'failed']).toContain(first.state);
          expect(['failed', overlap === 'skip' ? 'skipped' : 'failed']).toContain(second.state);
        }
      },
    );
  });
}

/** Runs everything to its end, and sees that no job ever has two attempts under way. */
async function seeThrough(ports: StorePorts, tenant: Tenant): Promise<void> {
  for (;;) {
    const attempts = await claimOf(ports, tenant);
    if (attempts.length === 0) return;
    expect(new Set(attempts.map(({ job }) => job)).size).toBe(attempts.length);
    await Promise.all(attempts.map((attempt) => ports.runs.finish(attempt, EXIT_1, FAILED)));
  }
}
