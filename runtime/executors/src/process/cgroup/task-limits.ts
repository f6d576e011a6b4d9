import type { ExecutionRequest } from '@optimus/domain';
import { parseQuantity } from '../../quantity.ts';

/** What binds an attempt: its task, all that this starts, and the supervisor. */
export interface TaskLimits {
  readonly memoryBytes?: number;
  /** How many CPUs it may use. */
  readonly cpus?: number;
  /** How many it asks for: its weight when there are not enough for all. */
  readonly requestedCpus?: number;
}

/** The limits in `metadata.resource`; undefined when it has none. An amount of 0 is none. @throws OptimusError `EXECUTOR_FAILED` */
export function toTaskLimits(resources: ExecutionRequest['resources']): TaskLimits | undefined {
  const memoryBytes = Math.round(toAmount(resources?.limit.memory));
  const cpus = toAmount(resources?.limit.cpu);
  const requestedCpus = toAmount(resources?.request.cpu);
  const limits = {
    ...(memoryBytes > 0 && { memoryBytes }),
    ...(cpus > 0 && { cpus }),
    ...(requestedCpus > 0 && { requestedCpus }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function toAmount(quantity: string | undefined): number {
  return quantity ? parseQuantity(quantity) : 0;
}
