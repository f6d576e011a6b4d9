import type { ResourceQuantities } from '@optimus/domain';
import type { HostConfig } from 'dockerode';
import { parseQuantity } from '../quantity.ts';

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
