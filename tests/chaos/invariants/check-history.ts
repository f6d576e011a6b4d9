import { checkEnds, checkOutputs, checkOverlaps, checkStarts, checkSuccesses } from './check-attempts.ts';
import { checkLimits } from './check-limits.ts';
import { checkEvents, checkPins, checkRunEnds, checkSettled } from './check-runs.ts';
import { checkTicks, checkWaits } from './check-schedule.ts';
import type { History, Violation } from './history.ts';

const CHECKS: readonly ((history: History) => readonly Violation[])[] = [
  checkTicks,
  checkWaits,
  checkStarts,
  checkOverlaps,
  checkSuccesses,
  checkEnds,
  checkOutputs,
  checkRunEnds,
  checkSettled,
  checkEvents,
  checkPins,
  checkLimits,
];

/** Every invariant that the history breaks. Pure. */
export function checkHistory(history: History): readonly Violation[] {
  return CHECKS.flatMap((check) => check(history));
}
