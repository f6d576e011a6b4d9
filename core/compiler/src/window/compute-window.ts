import { type ComputeWindow, type Interval, type WindowSpec } from '@optimus/domain';
import { windowFault } from './window-fault.ts';
import { computeWindowV1 } from './window-v1.ts';
import { computeWindowV2 } from './window-v2.ts';

type WindowRule = (spec: WindowSpec, scheduledAt: Date) => Interval;

/** What a window means in each version of the specification language. */
const RULES: ReadonlyMap<number, WindowRule> = new Map([
  [1, computeWindowV1],
  [2, computeWindowV2],
]);

/** The data window `[start, end)` of a tick, by the rules of the specification's version. */
export const computeWindow: ComputeWindow = ({ version, task }, scheduledAt) => {
  const interval = findRule(version)(task.window, scheduledAt);
  if (isPossible(interval)) return interval;
  throw windowFault({
    field: 'size',
    value: task.window.size,
    problem: `with offset ${JSON.stringify(task.window.offset)} leaves the calendar`,
    mend: 'choose a smaller size or offset',
  });
};

function findRule(version: number): WindowRule {
  const rule = RULES.get(version);
  if (rule) return rule;
  throw windowFault({
    field: 'version',
    value: String(version),
    problem: 'has no window rules here',
    mend: `use specification version ${[...RULES.keys()].join(' or ')}`,
  });
}

// RFC 3339, in which windows are handed on, ends with the year 9999.
function isPossible({ start, end }: Interval): boolean {
  return [start, end].every((at) => at.getUTCFullYear() >= 0 && at.getUTCFullYear() <= 9999);
}
