import { describe, expect, it } from 'vitest';
import { toResourceLimits } from './resource-limits.ts';

describe('the resources of a container', () => {
  it('are bounded by limits, and shared by requests', () => {
    const resources = { request: { cpu: '250m', memory: '64Mi' }, limit: { cpu: '1.5', memory: '1Gi' } };
    expect(toResourceLimits(resources)).toEqual({
      NanoCpus: 1_500_000_000,
      Memory: 1_073_741_824,
      CpuShares: 256,
      MemoryReservation: 67_108_864,
    });
  });

  it('are what the engine thinks right where nothing is said', () => {
    expect(toResourceLimits(undefined)).toEqual({});
    expect(toResourceLimits({ request: { cpu: '', memory: '' }, limit: { cpu: '', memory: '' } })).toEqual(
      {},
    );
  });

  it('take no fewer shares than an engine accepts', () => {
    expect(toResourceLimits({ request: { cpu: '1m' }, limit: {} })).toEqual({ CpuShares: 2 });
  });
});
