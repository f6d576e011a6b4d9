import { describe, expect, it } from 'vitest';
import type { GetStorePorts } from './store-ports.ts';

/** What every store of leases promises. */
export function describeLeaseStore(getPorts: GetStorePorts): void {
  describe('a lease store', () => {
    it('gives a lease to one holder, who may renew it', async () => {
      const { leases } = getPorts();
      expect(await leases.acquire('one-holder', 'a', 60_000)).toBe(true);
      expect(await leases.acquire('one-holder', 'b', 60_000)).toBe(false);
      expect(await leases.acquire('one-holder', 'a', 60_000)).toBe(true);
    });

    it('gives a new lease to exactly one of many that ask at once', async () => {
      const { leases } = getPorts();
      const holders = Array.from({ length: 10 }, (_, index) => `holder-${index}`);
      const given = await Promise.all(holders.map((holder) => leases.acquire('rush', holder, 60_000)));
      expect(given.filter(Boolean)).toHaveLength(1);
    });

    it('gives a lease that ran out to the next who asks', async () => {
      const { leases } = getPorts();
      await leases.acquire('short', 'a', 0);
      expect(await leases.acquire('short', 'b', 60_000)).toBe(true);
      expect(await leases.acquire('short', 'a', 60_000)).toBe(false);
    });

    it('frees a lease for its holder and for nobody else', async () => {
      const { leases } = getPorts();
      await leases.acquire('freed', 'a', 60_000);
      await leases.release('freed', 'b');
      expect(await leases.acquire('freed', 'b', 60_000)).toBe(false);
      await leases.release('freed', 'a');
      expect(await leases.acquire('freed', 'b', 60_000)).toBe(true);
    });
  });
}
