import { expect, it } from 'vitest';
import { toCgroupFiles } from './cgroup-files.ts';
import type { Controller } from './cgroup-place.ts';
import type { TaskLimits } from './task-limits.ts';

const toTexts = (controller: Controller, version: 1 | 2, limits: TaskLimits): readonly string[] =>
  toCgroupFiles(controller, version, limits).map(({ name, value }) => `${name} ${value}`);

const limits: TaskLimits = { memoryBytes: 67_108_864, cpus: 1.5, requestedCpus: 0.25 };

it('bounds memory, and swap with it', () => {
  expect(toTexts('memory', 1, limits)).toEqual([
    'memory.limit_in_bytes 67108864',
    'memory.memsw.limit_in_bytes 67108864',
  ]);
  expect(toTexts('memory', 2, limits)).toEqual(['memory.max 67108864', 'memory.swap.max 0']);
});

it('bounds the CPU, and weighs it', () => {
  expect(toTexts('cpu', 1, limits)).toEqual([
    'cpu.shares 256',
    'cpu.cfs_period_us 100000',
    'cpu.cfs_quota_us 150000',
  ]);
  expect(toTexts('cpu', 2, limits)).toEqual(['cpu.weight 25', 'cpu.max 150000 100000']);
});

it('says nothing of what is not limited', () => {
  expect(toTexts('memory', 1, { cpus: 1 })).toEqual([]);
  expect(toTexts('cpu', 2, { memoryBytes: 1 })).toEqual([]);
  expect(toTexts('cpu', 2, { requestedCpus: 1 })).toEqual(['cpu.weight 100']);
});

it.each([
  [1, 0.000_1, ['cpu.shares 2', 'cpu.cfs_period_us 100000', 'cpu.cfs_quota_us 1000']],
  [2, 0.000_1, ['cpu.weight 1', 'cpu.max 1000 100000']],
  [1, 1000, ['cpu.shares 262144', 'cpu.cfs_period_us 100000', 'cpu.cfs_quota_us 100000000']],
  [2, 1000, ['cpu.weight 10000', 'cpu.max 100000000 100000']],
] as const)('stays within what version %d takes, for %d CPUs', (version, cpus, texts) => {
  expect(toTexts('cpu', version, { cpus, requestedCpus: cpus })).toEqual(texts);
});
