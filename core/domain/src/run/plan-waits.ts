import type { UpstreamJob } from '../ports/run-store.ts';
import { listNeededTicks } from './list-needed-ticks.ts';
import type { Interval, RunWait } from './run.ts';
import type { ComputeWindow } from './run-context.ts';

/** A job's run that is being planned. */
export interface WaitingRun {
  readonly jobId: string;
  readonly window: Interval;
  /** The tick before this one; undefined when the job was not planned before, or does not depend on its past. */
  readonly pastScheduledAt: Date | undefined;
}

/** What a run waits for: its own job's run before it, and of each upstream the runs that cover its window. Pure. @throws OptimusError `WINDOW_INVALID` */
export function planWaits(
  { jobId, window, pastScheduledAt }: WaitingRun,
  upstreams: readonly UpstreamJob[],
  computeWindow: ComputeWindow,
): readonly RunWait[] {
  const past = pastScheduledAt ? [{ jobId, scheduledAt: pastScheduledAt }] : [];
  return [...past, ...upstreams.flatMap((upstream) => planUpstreamWaits(window, upstream, computeWindow))];
}

function planUpstreamWaits(
  window: Interval,
  { jobId, spec, presets = {} }: UpstreamJob,
  computeWindow: ComputeWindow,
): readonly RunWait[] {
  const windowAt = (instant: Date): Interval => computeWindow(spec, instant, { presets });
  return listNeededTicks(window, { schedule: spec.schedule, windowAt }).map((scheduledAt) => ({
    jobId,
    scheduledAt,
  }));
}
