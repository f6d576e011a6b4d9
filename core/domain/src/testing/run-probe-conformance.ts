import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { DueProbe } from '../ports/probe-store.ts';
import type { ScheduleAdvance } from '../ports/run-store.ts';
import type { PlannedRun, RunWait } from '../run/run.ts';
import { claimOf, claimOne, DONE, EXIT_0, getRun, TICK } from './run-claims.ts';
import {
  deleteDeployed,
  deployJob,
  type GetStorePorts,
  makeTenant,
  type StorePorts,
  type Tenant,
} from './store-ports.ts';

const DAY_MS = 86_400_000;
const LEASE_MS = 60_000;

async function deploy(ports: StorePorts, tenant: Tenant, name: string): Promise<Job> {
  const job = await deployJob(ports, tenant, { name: parseJobName(name), nextScheduledAt: TICK });
  return present(await ports.jobs.find({ project: tenant.project, job }), 'the job');
}

/** The passage of the job's first tick, whose run waits for endpoints of these names, and for upstreams. */
function toAdvance(job: Job, endpoints: readonly string[], waits: readonly RunWait[] = []): ScheduleAdvance {
  const { id: jobId, versionId } = job;
  const window = { start: new Date(TICK.getTime() - DAY_MS), end: TICK };
  const probes: PlannedRun['probes'] = endpoints.map((name) => ({
    kind: 'http',
    name,
    target: `http://${name}/{{.DSTART}}`,
  }));
  const run = { jobId, versionId, scheduledAt: TICK, window, priority: 1, waits, probes };
  return { jobId, versionId, from: TICK, to: undefined, runs: [run] };
}

/** A job whose run waits for the endpoints. */
async function planProbing(ports: StorePorts, tenant: Tenant, ...endpoints: readonly string[]): Promise<Job> {
  const job = await deploy(ports, tenant, 'probing');
  await ports.schedules.advance([toAdvance(job, endpoints)]);
  return job;
}

/** Claims everything that is due, and answers what belongs to the tenant. */
async function claimDue(ports: StorePorts, tenant: Tenant, leaseMs = LEASE_MS): Promise<readonly DueProbe[]> {
  const { probes } = await ports.probes.claimDue(1000, leaseMs);
  return probes.filter(({ project }) => project === tenant.project);
}

async function claimOneProbe(ports: StorePorts, tenant: Tenant, leaseMs?: number): Promise<DueProbe> {
  const [probe] = await claimDue(ports, tenant, leaseMs);
  return present(probe, 'a due probe');
}

async function stateOf(ports: StorePorts, tenant: Tenant, job: Job): Promise<string> {
  return (await getRun(ports, tenant, job.spec.name)).state;
}

/** What every store of runs promises of those that wait for more than jobs. */
export function describeRunProbes(getPorts: GetStorePorts): void {
  describe('a run that waits for endpoints', () => {
    it('begins when the last of them is met, and says until then how asking goes', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planProbing(ports, tenant, 'one', 'two');
      expect(await getRun(ports, tenant, job.spec.name)).toMatchObject({
        state: 'wait_upstream',
        probes: [
          { kind: 'http', name: 'one', target: 'http://one/{{.DSTART}}', tries: 0, lastOutcome: '' },
          { name: 'two', lastProbedAt: undefined },
        ],
      });
      const due = await claimDue(ports, tenant);
      expect(due.map(({ job: name, name: probe, tries }) => [name, probe, tries])).toEqual([
        ['probing', 'one', 1],
        ['probing', 'two', 1],
      ]);
      const [one, two] = due.map((probe) => present(probe, 'a probe'));
      await ports.probes.meet(present(one, 'one'));
      await ports.probes.postpone(present(two, 'two'), {
        delayMs: 90_000,
        outcome: 'answered 503',
        target: 'http://two/x',
      });
      const { state, probes } = await getRun(ports, tenant, job.spec.name);
      expect([state, probes]).toMatchObject([
        'wait_upstream',
        [{ name: 'two', tries: 1, lastOutcome: 'answered 503', target: 'http://two/x' }],
      ]);
      expect(probes?.[0]?.lastProbedAt).toBeInstanceOf(Date);
      await ports.probes.postpone(present(two, 'two'), { delayMs: 0 });
      const again = await claimOneProbe(ports, tenant);
      expect(again.tries).toBe(2);
      await ports.probes.meet(again);
      expect(await stateOf(ports, tenant, job)).toBe('queued');
      expect((await claimOne(ports, tenant)).job).toBe('probing');
    });

    it('is announced, and says when the next one is due', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const topics: string[] = [];
      const stop = ports.changes.subscribe(({ topic }) => topics.push(topic));
      await planProbing(ports, tenant, 'one');
      await expect.poll(() => topics).toContain('probe_due');
      await ports.probes.postpone(await claimOneProbe(ports, tenant), { delayMs: 5_000 });
      const { nextDueInMs } = await ports.probes.claimDue(1000, LEASE_MS);
      expect(nextDueInMs).toBeLessThanOrEqual(5_000);
      stop();
    });

    it('waits for endpoints and upstreams alike, whichever is met last', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const [up, first, last] = [
        await deploy(ports, tenant, 'upstream'),
        await deploy(ports, tenant, 'first'),
        await deploy(ports, tenant, 'last'),
      ];
      const waits = [{ jobId: up.id, scheduledAt: TICK }];
      await ports.schedules.advance([
        toAdvance(up, []),
        toAdvance(first, ['x'], waits),
        toAdvance(last, ['x'], waits),
      ]);
      const due = await claimDue(ports, tenant);
      const probeOf = (job: Job) =>
        present(
          due.find((probe) => probe.job === job.spec.name),
          'its probe',
        );
      await ports.probes.meet(probeOf(first));
      expect(await stateOf(ports, tenant, first)).toBe('wait_upstream');
      await ports.runs.finish(await claimOne(ports, tenant), EXIT_0, DONE);
      expect(await stateOf(ports, tenant, first)).toBe('queued');
      expect(await stateOf(ports, tenant, last)).toBe('wait_upstream');
      await ports.probes.meet(probeOf(last));
      expect(await stateOf(ports, tenant, last)).toBe('queued');
    });

    it('begins once when all that it waits for is met in the same moment', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const up = await deploy(ports, tenant, 'upstream');
      const downs = await Promise.all(
        Array.from({ length: 8 }, (_, number) => deploy(ports, tenant, `down-${number}`)),
      );
      const waits = [{ jobId: up.id, scheduledAt: TICK }];
      const endpoints = Array.from({ length: 6 }, (_, number) => `endpoint-${number}`);
      await ports.schedules.advance([
        toAdvance(up, []),
        ...downs.map((down) => toAdvance(down, endpoints, waits)),
      ]);
      const [attempt, due] = [await claimOne(ports, tenant), await claimDue(ports, tenant)];
      expect(due).toHaveLength(48);
      await Promise.all([
        ports.runs.finish(attempt, EXIT_0, DONE),
        // Met twice is met once.
        ...[...due, ...due].map((probe) => ports.probes.meet(probe)),
      ]);
      const claimed = await claimOf(ports, tenant);
      expect(claimed.map(({ job }) => job).sort()).toEqual(downs.map(({ spec }) => spec.name));
    });

    it('is asked for by one server at a time', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planProbing(ports, tenant, 'one');
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimDue(ports, tenant)));
      expect(claims.flat()).toMatchObject([{ tries: 1 }]);
      expect(await claimDue(ports, tenant)).toEqual([]);
    });

    it('is asked for by another server when the one that had it is gone', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planProbing(ports, tenant, 'one');
      const [lost] = await claimDue(ports, tenant, 1);
      await expect.poll(() => claimDue(ports, tenant)).toMatchObject([{ probeId: lost?.probeId, tries: 2 }]);
      // The first server comes back: what it found counts no more.
      await ports.probes.meet(present(lost, 'the first claim'));
      await ports.probes.postpone(present(lost, 'the first claim'), { delayMs: 0, outcome: 'late' });
      expect(await getRun(ports, tenant, job.spec.name)).toMatchObject({
        state: 'wait_upstream',
        probes: [{ tries: 2, lastOutcome: '' }],
      });
    });

    it.each(['canceled', 'success', 'failed'] as const)(
      'is asked for no more when it is %s, and reruns without',
      async (state) => {
        const ports = getPorts();
        const tenant = await makeTenant(ports);
        const job = await planProbing(ports, tenant, 'one', 'two');
        const under = await claimOneProbe(ports, tenant);
        const key = { project: tenant.project, job: job.spec.name, scheduledAt: TICK };
        await ports.runs.endEarly(key, { state, message: 'by hand' });
        await ports.probes.meet(under);
        await ports.probes.postpone(under, { delayMs: 0 });
        expect(await claimDue(ports, tenant)).toEqual([]);
        expect(await stateOf(ports, tenant, job)).toBe(state);
        await ports.runs.rerun(key, { scope: 'all' });
        expect(await stateOf(ports, tenant, job)).toBe('queued');
      },
    );

    it('is asked for no more when its job is deleted', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const job = await planProbing(ports, tenant, 'one');
      await deleteDeployed(ports, tenant, job.spec.name);
      expect(await claimDue(ports, tenant)).toEqual([]);
      expect(await stateOf(ports, tenant, job)).toBe('canceled');
    });

    it('is not what a run by hand is', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { id: jobId, versionId, spec } = await deploy(ports, tenant, 'by-hand');
      const window = { start: new Date(TICK.getTime() - DAY_MS), end: TICK };
      await ports.runs.create({ jobId, versionId, scheduledAt: TICK, window, priority: 1 });
      expect((await getRun(ports, tenant, spec.name)).state).toBe('queued');
    });

    it('waits for its turn under the limit of its job when it is met', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const name = await deployJob(ports, tenant, {
        name: parseJobName('limited'),
        nextScheduledAt: TICK,
        behavior: {
          dependsOnPast: false,
          catchUp: true,
          retry: { count: 0, delayMs: 0, exponentialBackoff: false },
          notify: [],
          maxActiveRuns: 1,
        },
      });
      const job = present(await ports.jobs.find({ project: tenant.project, job: name }), 'the job');
      await ports.schedules.advance([toAdvance(job, ['one'])]);
      await ports.probes.meet(await claimOneProbe(ports, tenant));
      expect((await claimOne(ports, tenant)).job).toBe('limited');
    });
  });
}
