import type { AlertRule, JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';

const YEAR_MS = 366 * 86_400_000;
/** Far beyond what anybody waits, and far within what instants, protobuf and the database can add up. */
const LONGEST_YEARS = 10;

/** Spans of time that no clock and no message could carry: one of them would fail every listing that shows its job. Pure. */
export function findLongSpans({ behavior, task, hooks }: JobSpec): readonly JobSpecProblem[] {
  const spans = [
    ['behavior.retry.delay', behavior.retry.delayMs],
    ['behavior.attempt_timeout', behavior.attemptTimeoutMs],
    ['behavior.run_timeout', behavior.runTimeoutMs],
    ...listThresholds('task', task.alert),
    ...hooks.flatMap(({ name, alert }) => listThresholds(`hooks.${name}`, alert)),
  ] as const;
  const isLong = (span: number | undefined) => span !== undefined && !(span <= LONGEST_YEARS * YEAR_MS);
  const long = spans.filter(([, span]) => isLong(span));
  return long.map(([path]) => ({ path, message: `is longer than ${LONGEST_YEARS} years` }));
}

function listThresholds(owner: string, alert: AlertRule | undefined): readonly (readonly [string, number])[] {
  return (alert?.slaMiss ?? []).map(
    ({ durationThreshold = '' }, index) =>
      [`${owner}.alert.sla_miss.${index}.duration_threshold`, toThresholdMs(durationThreshold)] as const,
  );
}

/** Of `1h30m`. */
function toThresholdMs(text: string): number {
  const { hours = '0', minutes = '0' } =
    /^(?:(?<hours>\d+)h)?(?:(?<minutes>\d+)m)?$/.exec(text)?.groups ?? {};
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000;
}
