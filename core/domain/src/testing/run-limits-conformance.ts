import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import {
  claimOf,
  claimOne,
  DONE,
  EXIT_0,
  EXIT_1,
  FAILED,
  makeServer,
  planJob,
  runOf,
  TICK,
} from './run-claims.ts';
import { type GetStorePorts, makeTenant, planRun } from './store-ports.ts';

const DAY_MS = 86_400_000;
const NEXT = new Date(TICK.getTime() + DAY_MS);

/** What every store of runs promises of those who may not all run at once. */
export function describeRunLimits(getPorts: GetStorePorts): void {
  describe('a limit of active runs', () => {
    it('of a job holds the later ticks back until an earlier one has ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planJob(ports, tenant, { ticks: 5, behavior: { maxActiveRuns: 2 } });
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

    it('of a job lets a run by hand begin at once when there is room, and wait when there is none', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { ticks: 0, behavior: { maxActiveRuns: 1 } });
      await ports.runs.create(runOf(job, TICK));
      await ports.runs.create(runOf(job, NEXT));
      const first = await claimOne(ports, tenant);
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.finish(first, EXIT_0, DONE);
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(NEXT);
    });

    it.each(['all', 'failed'] as const)(
      'of a job has a rerun of %s wait for its turn, and go before later ticks',
      async (scope) => {
        const ports = getPorts();
        const tenant = await makeTenant(ports);
        const instances = [
          { type: 'hook', name: 'check', role: 'pre', position: 0 },
          { type: 'task', name: 'neo', role: 'task', position: 1 },
        ] as const;
        const job = await planJob(ports, tenant, { ticks: 3, instances, behavior: { maxActiveRuns: 1 } });
        const key = { project: tenant.project, job: job.spec.name, scheduledAt: TICK };
        await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
        await ports.runs.finish(await claimOne(ports, tenant), EXIT_1, FAILED);
        const second = await claimOne(ports, tenant);
        expect(await ports.runs.rerun(key, { scope })).toMatchObject({ state: 'queued' });
        expect(await claimOf(ports, tenant)).toEqual([]);
        await ports.runs.finish(second, EXIT_1, FAILED);
        const again = await claimOne(ports, tenant);
        expect([again.scheduledAt, again.instance.name]).toEqual([TICK, scope === 'all' ? 'check' : 'neo']);
      },
    );

    it('of a job counts a canceled run until its attempt has ended', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { ticks: 2, behavior: { maxActiveRuns: 1 } });
      const first = await claimOne(ports, tenant);
      const key = { project: tenant.project, job: job.spec.name, scheduledAt: TICK };
      await ports.runs.endEarly(key, { state: 'canceled', message: '' });
      expect(await claimOf(ports, tenant)).toEqual([]);
      await ports.runs.finish(first, EXIT_0, DONE);
      expect((await claimOne(ports, tenant)).scheduledAt).toEqual(NEXT);
    });

    it('of a job is never exceeded and never forgets anybody, whatever happens at once', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planJob(ports, tenant, { ticks: 12, behavior: { maxActiveRuns: 2 } });
      const key = { project: tenant.project, job: job.spec.name };
      const at = (day: number) => ({ ...key, scheduledAt: new Date(TICK.getTime() + day * DAY_MS) });
      const finished: number[] = [];
      let reruns = 6;
      for (let round = 0; round < 40 && finished.length < 18; round++) {
        const attempts = await claimOf(ports, tenant);
        expect(attempts.length).toBeLessThanOrEqual(2);
        const others = reruns > 0 && finished.length >= 12 - reruns ? [--reruns] : [];
        await Promise.all([
          ...attempts.map(async (attempt) => {
            await ports.runs.finish(attempt, EXIT_1, FAILED);
            finished.push(attempt.number);
          }),
          ...others.map((day) => ports.runs.rerun(at(day), { scope: 'all' })),
          ports.runs.setPaused(key, true).then(() => ports.runs.setPaused(key, false)),
        ]);
      }
      expect(finished).toHaveLength(18);
      const states = (await ports.runs.list({ ...key, limit: 20 })).map(({ state }) => state);
      expect(new Set(states)).toEqual(new Set(['failed']));
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
}
