import { describe, expect, it } from 'vitest';
import { present } from '../error/invariant.ts';
import { claimOf, claimOne, DONE, EXIT_0, makeServer, STALE, TICK } from './run-claims.ts';
import { type GetStorePorts, makeTenant, planRun } from './store-ports.ts';

/** What every store of runs promises of leases, and of what dead servers left behind. */
export function describeRunLeases(getPorts: GetStorePorts): void {
  describe('a lease', () => {
    it('is renewed for what a server still holds, and for nothing else', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const server = makeServer();
      await planRun(ports, tenant, TICK);
      await planRun(ports, tenant, TICK);
      const [ended, live] = await claimOf(ports, tenant, server);
      await ports.runs.finish(present(ended, 'an attempt'), EXIT_0, DONE);
      const held = await ports.runs.renewLeases(server, 60_000);
      expect(held).toContain(live?.attemptId);
      expect(held).not.toContain(ended?.attemptId);
      expect(await ports.runs.renewLeases(makeServer(server.hostId), 60_000)).toEqual([]);
    });

    it('runs out for an attempt whose claim never reached its server, which then takes it up again', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const server = makeServer();
      await planRun(ports, tenant, TICK);
      await planRun(ports, tenant, TICK);
      const [known, unheard] = await claimOf(ports, tenant, server, 0);
      const knownIds = [present(known, 'an attempt').attemptId];
      expect(await ports.runs.renewLeases(server, 60_000, knownIds)).toEqual(knownIds);
      const options = { leaseMs: 60_000, graceMs: 0, limit: 1000, longestLeaseMs: 120_000 };
      const adopted = (await ports.runs.adoptExpired(server, options)).map((one) => one.attemptId);
      expect(adopted).toContain(unheard?.attemptId);
      expect(adopted).not.toContain(known?.attemptId);
    });
  });

  describe('adoption', () => {
    it('hands the attempts of a host to its next server, with their handles, and fences the old one off', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const old = makeServer();
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, old);
      await ports.runs.markRunning(attempt, { pid: 7, started: 'then' });
      const [adopted] = (await ports.runs.adopt(makeServer(old.hostId), 60_000)).filter(
        (one) => one.runId === attempt.runId,
      );
      expect(adopted).toMatchObject({
        attemptId: attempt.attemptId,
        number: 1,
        handle: { pid: 7, started: 'then' },
      });
      expect(BigInt(adopted?.fence ?? 0)).toBeGreaterThan(BigInt(attempt.fence));
      await expect(ports.runs.finish(attempt, EXIT_0, DONE)).rejects.toMatchObject(STALE);
      await ports.runs.finish(present(adopted, 'the attempt'), EXIT_0, DONE);
    });

    it('tells of an attempt whose server died before it could say that it runs', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const old = makeServer();
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, old);
      const adopted = await ports.runs.adopt(makeServer(old.hostId), 60_000);
      expect(adopted.find((one) => one.attemptId === attempt.attemptId)?.handle).toBeUndefined();
    });

    it('leaves attempts of other hosts and those of the server itself alone', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const server = makeServer();
      await planRun(ports, tenant, TICK);
      await claimOne(ports, tenant, server);
      expect(await ports.runs.adopt(server, 60_000)).toEqual([]);
      expect(await ports.runs.adopt(makeServer(), 60_000)).toEqual([]);
    });

    it('takes over from another host only what is past its lease and the grace', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, makeServer(), 0);
      const take = async (graceMs: number) => {
        const adopted = await ports.runs.adoptExpired(makeServer(), {
          leaseMs: 0,
          graceMs,
          limit: 1000,
          longestLeaseMs: 120_000,
        });
        return adopted.filter((one) => one.attemptId === attempt.attemptId);
      };
      expect(await take(60_000)).toEqual([]);
      const [adopted] = await take(0);
      expect(adopted).toMatchObject({ attemptId: attempt.attemptId, runId: attempt.runId });
      await expect(ports.runs.markRunning(attempt, {})).rejects.toMatchObject(STALE);
      await expect(ports.runs.note(attempt, 'late')).rejects.toMatchObject(STALE);
    });

    it('takes over what has a longer lease than there is: the clock was set back', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, makeServer(), 3_600_000);
      const options = { leaseMs: 0, graceMs: 0, limit: 1000, longestLeaseMs: 120_000 };
      const adopted = await ports.runs.adoptExpired(makeServer(), options);
      expect(adopted.map((one) => one.attemptId)).toContain(attempt.attemptId);
    });

    it('takes nothing over while the clock is not what it was thought to be: it was set a moment ago', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, makeServer(), 0);
      const adoptAt = async (aheadMs: number) => {
        const clock = { at: new Date(Date.now() + aheadMs), toleranceMs: 600_000 };
        const options = { leaseMs: 60_000, graceMs: 0, limit: 1000, longestLeaseMs: 120_000, clock };
        return (await ports.runs.adoptExpired(makeServer(), options)).map((one) => one.attemptId);
      };
      expect(await adoptAt(3_600_000)).toEqual([]);
      expect(await adoptAt(-3_600_000)).toEqual([]);
      expect(await adoptAt(0)).toContain(attempt.attemptId);
    });

    it('never gives one expired attempt to two servers', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await planRun(ports, tenant, TICK);
      const attempt = await claimOne(ports, tenant, makeServer(), 0);
      const options = { leaseMs: 60_000, graceMs: 0, limit: 1000, longestLeaseMs: 120_000 };
      const adopted = await Promise.all(
        Array.from({ length: 8 }, () => ports.runs.adoptExpired(makeServer(), options)),
      );
      expect(adopted.flat().filter((one) => one.attemptId === attempt.attemptId)).toHaveLength(1);
    });
  });
}
