import { OptimusError, type ResourceQuantities } from '@optimus/domain';
import type { HostConfig } from 'dockerode';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^(?<amount>\d+(?:\.\d+)?(?:e\d+)?)(?<unit>[A-Za-z]{0,2})$/;

/** A quantity as Kubernetes writes it: `250m` is 0.25, `64Mi` is 67,108,864. @throws OptimusError `EXECUTOR_FAILED` */
export function parseQuantity(text: string): number {
  const { amount, unit = '' } = QUANTITY.exec(text.trim())?.groups ?? {};
  const factor = UNITS[unit];
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  throw new OptimusError('EXECUTOR_FAILED', {
    message: `resource quantity ${JSON.stringify(text)} is not a number with a unit`,
    hint: 'write metadata.resource as 250m, 1.5, 64Mi or 2Gi',
  });
}

/** One CPU is 1,024 shares, as Kubernetes counts them; an engine takes no fewer than 2. */
const SHARES_OF_A_CPU = 1024;
const MIN_SHARES = 2;

/** `metadata.resource` in the words of an engine: a limit binds, a request decides only when there is not enough for all. */
export function toResourceLimits(
  resources:
    | { readonly request: Partial<ResourceQuantities>; readonly limit: Partial<ResourceQuantities> }
    | undefined,
): Partial<HostConfig> {
  const { request = {}, limit = {} } = resources ?? {};
  return {
    ...(limit.cpu && { NanoCpus: Math.round(parseQuantity(limit.cpu) * 1e9) }),
    ...(limit.memory && { Memory: Math.round(parseQuantity(limit.memory)) }),
    ...(request.cpu && {
      CpuShares: Math.max(MIN_SHARES, Math.round(parseQuantity(request.cpu) * SHARES_OF_A_CPU)),
    }),
    ...(request.memory && { MemoryReservation: Math.round(parseQuantity(request.memory)) }),
  };
}
