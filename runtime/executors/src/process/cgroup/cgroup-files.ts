import type { CgroupPlace, Controller } from './cgroup-place.ts';
import type { TaskLimits } from './task-limits.ts';

/** A file of a cgroup, and what is written there. */
export interface CgroupFile {
  readonly name: string;
  readonly value: string;
  /** Passed over where the system does not have it. */
  readonly isOptional?: true;
  /** The system refuses more than the parent has (`EINVAL`): the parent's limit binds then. */
  readonly isBoundByParent?: true;
}

const PERIOD_US = 100_000;
const MIN_QUOTA_US = 1000;
/** What one CPU weighs is what every cgroup does of which nothing is said. */
const SHARES = { ofCpu: 1024, min: 2, max: 262_144 };
const WEIGHT = { ofCpu: 100, min: 1, max: 10_000 };

/** Limits in the words of a version; nothing when they do not concern the controller. */
export function toCgroupFiles(
  controller: Controller,
  version: CgroupPlace['version'],
  limits: TaskLimits,
): readonly CgroupFile[] {
  return controller === 'memory' ? toMemoryFiles(version, limits) : toCpuFiles(version, limits);
}

/** Swap would only let a task that needs more memory go on slowly. */
function toMemoryFiles(version: 1 | 2, { memoryBytes }: TaskLimits): readonly CgroupFile[] {
  if (memoryBytes === undefined) return [];
  const value = String(memoryBytes);
  return version === 1
    ? [
        { name: 'memory.limit_in_bytes', value },
        { name: 'memory.memsw.limit_in_bytes', value, isOptional: true },
      ]
    : [
        { name: 'memory.max', value },
        { name: 'memory.swap.max', value: '0', isOptional: true },
      ];
}

function toCpuFiles(version: 1 | 2, { cpus, requestedCpus }: TaskLimits): readonly CgroupFile[] {
  return [
    ...(requestedCpus === undefined ? [] : [toWeightFile(version, requestedCpus)]),
    ...(cpus === undefined ? [] : toQuotaFiles(version, cpus)),
  ];
}

function toWeightFile(version: 1 | 2, cpus: number): CgroupFile {
  const { ofCpu, min, max } = version === 1 ? SHARES : WEIGHT;
  const value = String(Math.min(max, Math.max(min, Math.round(cpus * ofCpu))));
  return { name: version === 1 ? 'cpu.shares' : 'cpu.weight', value };
}

function toQuotaFiles(version: 1 | 2, cpus: number): readonly CgroupFile[] {
  const quota = String(Math.max(MIN_QUOTA_US, Math.round(cpus * PERIOD_US)));
  return version === 1
    ? [
        { name: 'cpu.cfs_period_us', value: String(PERIOD_US) },
        { name: 'cpu.cfs_quota_us', value: quota, isBoundByParent: true },
      ]
    : [{ name: 'cpu.max', value: `${quota} ${PERIOD_US}` }];
}
