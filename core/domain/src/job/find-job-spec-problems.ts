import { toErrorMessage } from '../error/optimus-error.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { findIntervalZone, getZone, parseTickRule } from '../schedule/cron-schedule.ts';
import { findZone } from '../zone/zone.ts';
import { countAssetBytes } from './binary-asset.ts';
import { findAssetClashes } from './find-asset-clashes.ts';
import { findEndpointProblems } from './find-endpoint-problems.ts';
import { findLongSpans } from './find-long-spans.ts';
import { findUnstorableTexts } from './find-unstorable-texts.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';
import { listRepeated } from './list-repeated.ts';

/** Why a file name of an asset is refused, or undefined. Names are relative paths that stay inside the folder. */
export function findAssetNameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (name === '' || name.startsWith('/') || name.includes('\\') || name.includes('\0'))
    return 'is not a relative path';
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'has an empty, "." or ".." part';
  // Whoever copies the assets loses it without a word.
  if (name === '__proto__') return 'is a name that JavaScript keeps for itself';
  if (parts.some((part) => Buffer.byteLength(part) > MAX_PART_BYTES))
    return `has a part of more than ${MAX_PART_BYTES} bytes`;
  if (/^\.(?:env|secret)$/i.test(name)) return 'is the name of a file that Optimus writes itself';
  return undefined;
}

/** The longest name of one file or folder that the common file systems take. */
const MAX_PART_BYTES = 255;

/** The largest asset, in bytes of UTF-8. */
export const MAX_ASSET_BYTES = 5 * 1024 * 1024;

/** The most bytes that all assets of a job have: they travel in one message, which has room for twice as many. */
const MAX_ASSETS_BYTES = 32 * 1024 * 1024;

/** Everything wrong with a specification; empty when it can be deployed. Pure. */
export function findJobSpecProblems(spec: JobSpec, computeWindow: ComputeWindow): readonly JobSpecProblem[] {
  return [
    ...findHeadProblems(spec),
    ...findScheduleProblems(spec),
    ...findRetryProblems(spec),
    ...findLimitProblems(spec),
    ...findOverlapProblems(spec),
    ...findTaskProblems(spec, computeWindow),
    ...findAssetProblems(spec),
    ...findEndpointProblems(spec),
    ...findOtherServerProblems(spec),
    ...findLongSpans(spec),
    ...findUnstorableTexts(spec),
  ];
}

function findHeadProblems(spec: JobSpec): JobSpecProblem[] {
  return [
    ...problemIf(![1, 2, 3].includes(spec.version), 'version', `is ${spec.version}, must be 1, 2 or 3`),
    ...problemIf(
      spec.owner.length < 3 || spec.owner.length > 1024,
      'owner',
      'must have 3 to 1024 characters',
    ),
  ];
}

function findScheduleProblems({ schedule }: JobSpec): JobSpecProblem[] {
  return [
    ...findDateProblem('schedule.start_date', schedule.startDate),
    ...(schedule.endDate === undefined ? [] : findDateProblem('schedule.end_date', schedule.endDate)),
    ...problemIf(
      schedule.endDate !== undefined && schedule.endDate < schedule.startDate,
      'schedule.end_date',
      `${schedule.endDate} lies before start_date ${schedule.startDate}`,
    ),
    ...findTimezoneProblems(schedule),
    ...(schedule.interval === '' ? [] : findIntervalProblem(schedule)),
  ];
}

function findTimezoneProblems({ timezone, interval }: JobSpec['schedule']): JobSpecProblem[] {
  if (timezone === undefined) return [];
  const path = 'schedule.timezone';
  const named = findIntervalZone(interval);
  const isOther = named !== undefined && named !== timezone;
  return [
    ...problemOf(path, () => getZone(timezone)),
    ...problemIf(isOther, path, `is ${timezone}, and the interval says ${named}; name one of them`),
  ];
}

function findIntervalProblem({ interval, timezone }: JobSpec['schedule']): JobSpecProblem[] {
  const path = 'schedule.interval';
  const rule = { interval, ...(timezone !== undefined && findZone(timezone) && { timezone }) };
  const problems = problemOf(path, () => parseTickRule(rule));
  if (problems.length > 0) return problems;
  // 2024 is followed by four years without a leap day: what does not fire by then never does.
  const isDead = parseTickRule(rule).next(new Date('2024-01-01T00:00:00Z')) === undefined;
  return problemIf(isDead, path, `${JSON.stringify(interval)} never fires: no month has that day`);
}

function findDateProblem(path: string, value: string): JobSpecProblem[] {
  return problemIf(!isDate(value), path, `${JSON.stringify(value)} is not a date, write it as YYYY-MM-DD`);
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  // A day that the month does not have comes back as another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function findRetryProblems({ behavior: { retry } }: JobSpec): JobSpecProblem[] {
  const isCount = Number.isInteger(retry.count) && retry.count >= 0;
  return [
    ...problemIf(!isCount, 'behavior.retry.count', `is ${retry.count}, must be a whole number from 0 on`),
    ...problemIf(!(retry.delayMs >= 0), 'behavior.retry.delay', 'must not be negative'),
  ];
}

function findLimitProblems({ behavior }: JobSpec): JobSpecProblem[] {
  const { maxActiveRuns = 1, attemptTimeoutMs = 1, runTimeoutMs = 1 } = behavior;
  const isCount = Number.isInteger(maxActiveRuns) && maxActiveRuns >= 1;
  return [
    ...problemIf(
      !isCount,
      'behavior.max_active_runs',
      `is ${maxActiveRuns}, must be a whole number from 1 on`,
    ),
    ...problemIf(!(attemptTimeoutMs > 0), 'behavior.attempt_timeout', 'must be longer than nothing'),
    ...problemIf(!(runTimeoutMs > 0), 'behavior.run_timeout', 'must be longer than nothing'),
  ];
}

function findOverlapProblems({
  behavior: { overlap, maxActiveRuns = 1, dependsOnPast },
}: JobSpec): JobSpecProblem[] {
  if (overlap === undefined) return [];
  const path = 'behavior.overlap';
  return [
    ...problemIf(
      maxActiveRuns > 1,
      path,
      `is ${overlap}: one run at a time, and max_active_runs says ${maxActiveRuns}; leave one of them out`,
    ),
    ...problemIf(
      overlap === 'cancel' && dependsOnPast,
      path,
      'is cancel, and with depends_on_past each run would wait for the one that it cancels; use wait or skip',
    ),
  ];
}

function findTaskProblems(spec: JobSpec, computeWindow: ComputeWindow): JobSpecProblem[] {
  const names = spec.task.config.map((item) => item.name);
  return [
    ...problemIf(spec.task.name === '', 'task.name', 'is missing'),
    ...problemIf(names.includes(''), 'task.config', 'has an entry without a name'),
    ...listRepeated(names).map((place) => ({
      path: `task.config.${names[place]}`,
      message: 'is given twice',
    })),
    ...problemOf('task.window', () => computeWindow(spec, new Date('2024-02-29T12:34:56Z'))),
  ];
}

function findAssetProblems({ assets }: JobSpec): JobSpecProblem[] {
  let total = 0;
  const problems = Object.entries(assets).flatMap(([name, text]) => {
    const problem = findAssetNameProblem(name);
    const size = countAssetBytes(text);
    total += size;
    const isLarge = size > MAX_ASSET_BYTES;
    return [
      ...problemIf(problem !== undefined, `assets.${name}`, problem ?? ''),
      ...problemIf(isLarge, `assets.${name}`, `is larger than ${MAX_ASSET_BYTES / 1024 / 1024} MiB`),
    ];
  });
  const isLarge = total > MAX_ASSETS_BYTES;
  return [
    ...problems,
    ...findAssetClashes(Object.keys(assets)),
    ...problemIf(isLarge, 'assets', `are larger than ${MAX_ASSETS_BYTES / 1024 / 1024} MiB together`),
  ];
}

/** A job of another server is named with its project. */
function findOtherServerProblems({ dependencies }: JobSpec): JobSpecProblem[] {
  const wrong = dependencies.filter(({ type, name }) => type === 'extra' && !/^[^/\s]+\/[^/\s]+$/.test(name));
  return wrong.map(({ name }) => ({
    path: 'dependencies',
    message: `${JSON.stringify(name)} is not of the form project/job, by which this version of Optimus finds jobs of other servers`,
  }));
}

function problemIf(isWrong: boolean, path: string, message: string): JobSpecProblem[] {
  return isWrong ? [{ path, message }] : [];
}

function problemOf(path: string, check: () => unknown): JobSpecProblem[] {
  try {
    check();
    return [];
  } catch (thrown) {
    return [{ path, message: toErrorMessage(thrown) }];
  }
}
