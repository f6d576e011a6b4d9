import type { RunFacts, RunSurroundings } from './run-facts.ts';

/** Half as long again as usual is no news, and neither is a minute. */
const MARGIN_FACTOR = 0.5;
const LEAST_MARGIN_MS = 60_000;

/**
 * When the run should be over. A run that was planned when it came due: its tick, the usual delay and the usual duration later, and a
 * margin of half of both, a minute at least. A run that was planned afterwards or begins anew has no usual beginning: once begun, its
 * usual duration and the margin later. Undefined when its last runs do not say, or it has not begun. Pure.
 */
export function computeExpectedEnd(
  run: Pick<RunFacts, 'scheduledAt' | 'version' | 'startedAt' | 'instances'>,
  { usual }: Pick<RunSurroundings, 'usual'>,
): Date | undefined {
  if (!usual) return undefined;
  const { durationMs, delayMs } = usual;
  const isPunctual = delayMs !== undefined && run.scheduledAt >= run.version.deployedAt && !hasBegunAnew(run);
  const from = isPunctual ? run.scheduledAt : run.startedAt;
  if (!from) return undefined;
  const usualMs = durationMs + (isPunctual ? delayMs : 0);
  return new Date(from.getTime() + usualMs + Math.max(LEAST_MARGIN_MS, usualMs * MARGIN_FACTOR));
}

/** A tick without a run is late a minute after it came due: planning takes a moment. */
export function isPlanningLate(tick: Date, now: Date): boolean {
  return now.getTime() - tick.getTime() > LEAST_MARGIN_MS;
}

function hasBegunAnew({ instances }: Pick<RunFacts, 'instances'>): boolean {
  return instances.some(({ attempts, tries }) => (attempts.at(-1)?.number ?? 0) > tries);
}
