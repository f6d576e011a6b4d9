import { describe, expect, it } from 'vitest';
import { parseQuantity, toResourceLimits } from './resource-limits.ts';

describe('a quantity', () => {
  it.each([
    ['1', 1],
    ['250m', 0.25],
    ['0.5', 0.5],
    ['64Mi', 67_108_864],
    ['2Gi', 2_147_483_648],
    ['128M', 128_000_000],
    ['1e3', 1000],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(['', 'much', '1 GiB', '-1', '5Xi', '1.5.5'])(
    '%j is none, and the error says how one is written',
    (text) => {
      expect(() => parseQuantity(text)).toThrow('is not a number with a unit');
    },
  );
});

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
