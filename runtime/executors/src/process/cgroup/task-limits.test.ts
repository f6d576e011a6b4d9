import { expect, it } from 'vitest';
import { toTaskLimits } from './task-limits.ts';

const none = { cpu: '', memory: '' };

it('are the limits of memory and CPU, and the weight that the CPU asked for gives', () => {
  const resources = { request: { cpu: '250m', memory: '64Mi' }, limit: { cpu: '1.5', memory: '1Gi' } };
  expect(toTaskLimits(resources)).toEqual({ memoryBytes: 1_073_741_824, cpus: 1.5, requestedCpus: 0.25 });
});

it('are none where nothing is said, or nothing that binds', () => {
  expect(toTaskLimits(undefined)).toBeUndefined();
  expect(toTaskLimits({ request: none, limit: none })).toBeUndefined();
  expect(
    toTaskLimits({ request: { cpu: '', memory: '1Gi' }, limit: { cpu: '0', memory: '0' } }),
  ).toBeUndefined();
});

it('are refused when a quantity is none', () => {
  expect(() => toTaskLimits({ request: none, limit: { cpu: '', memory: 'much' } })).toThrow(
    'resource quantity "much" is not a number with a unit',
  );
});
