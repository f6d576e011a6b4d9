import type { OverlapPolicy } from '../job/overlap-policy.ts';
import type { EarlyEnd } from '../ports/run-store.ts';
import { formatInstant } from '../schedule/format-instant.ts';

/** Runs of a job that are not over at the moment in which some of them are planned. */
export interface OverlappingRuns {
  /** Ticks of runs that were there before, ascending; of a policy that ends none of them the first will do. */
  readonly earlier: readonly Date[];
  /** Ticks that are planned now, ascending. */
  readonly planned: readonly Date[];
}

/** A run that overlaps and ends. */
export interface OverlapEnd extends EarlyEnd {
  readonly scheduledAt: Date;
}

/** Which runs end because others of their job are not over: as if each tick had been planned on its own, one after the other. Pure. */
export function planOverlap(
  policy: OverlapPolicy,
  { earlier, planned }: OverlappingRuns,
): readonly OverlapEnd[] {
  const all = [...earlier, ...planned];
  const [first] = all;
  const last = planned.at(-1);
  if (first === undefined || last === undefined) return [];
  switch (policy) {
    case 'wait':
      return [];
    case 'skip':
      return planned.filter((tick) => tick !== first).map((tick) => toSkipped(tick, first));
    case 'cancel':
      return all.filter((tick) => tick !== last).map((tick) => toCanceled(tick, last));
  }
}

function toSkipped(scheduledAt: Date, inTheWay: Date): OverlapEnd {
  return { scheduledAt, state: 'skipped', message: `the run of ${formatInstant(inTheWay)} was not over` };
}

function toCanceled(scheduledAt: Date, successor: Date): OverlapEnd {
  return { scheduledAt, state: 'canceled', message: `the run of ${formatInstant(successor)} took its place` };
}
