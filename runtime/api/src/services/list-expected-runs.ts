import {
  findLastRun,
  getJob,
  type Job,
  OptimusError,
  planFirstTick,
  planTicks,
  type RunDetail,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { fromStateFilter } from '../mapping/run-mapping.ts';
import { fromTimestamp } from '../mapping/time-mapping.ts';

/** A tick and the state of its run; `pending`: it has none yet. */
export interface ExpectedRun {
  readonly scheduledAt: Date;
  readonly state: string;
}

/** The state of a tick that has no run yet. */
export const PENDING = 'pending';
const PAGE_SIZE = 1_000;
/** The most ticks and runs of one answer. */
const MAX_RUNS = 10_000;

/**
 * The runs that a job's schedule expects between two instants, both inclusive, oldest first, with those it did not expect; without
 * instants the last run alone. @throws OptimusError `JOB_NOT_FOUND`, `RUN_NOT_FOUND` when there is no last run, `REQUEST_INVALID`
 */
export async function listExpectedRuns(
  deps: ApiDeps,
  request: core.JobRunRequest,
): Promise<readonly ExpectedRun[]> {
  const [keptStates, keepsPending] = readFilter(request.filter);
  const range = readRange(request);
  const address = { project: request.projectName, job: request.jobName };
  if (!range) return listLastRun(deps, address, keptStates);
  const job = await getJob(deps, address);
  const runs = await listRunsBetween(deps, job, range);
  const kept = keptStates === undefined ? runs : runs.filter(({ state }) => keptStates.includes(state));
  const pending = keepsPending ? await listPending(deps, job, range, runs) : [];
  return [...kept, ...pending].sort((a, b) => a.scheduledAt.getTime() - b.scheduledAt.getTime());
}

interface Range {
  readonly start: Date;
  readonly end: Date;
}

function readFilter(filter: readonly string[]): [readonly string[] | undefined, boolean] {
  const states = filter.filter((state) => state.toLowerCase() !== PENDING);
  const keepsPending = filter.length === 0 || states.length < filter.length;
  return [filter.length === 0 ? undefined : (fromStateFilter(states) ?? []), keepsPending];
}

function readRange({ startDate, endDate }: core.JobRunRequest): Range | undefined {
  const [start, end] = [fromTimestamp(startDate, 'start_date'), fromTimestamp(endDate, 'end_date')];
  if (!start && !end) return undefined;
  if (start && end && start <= end) return { start, end };
  throw new OptimusError('REQUEST_INVALID', {
    message: start && end ? 'end_date lies before start_date' : 'of start_date and end_date one is missing',
    hint: 'give both, or neither for the last run',
  });
}

async function listLastRun(
  deps: ApiDeps,
  address: { readonly project: string; readonly job: string },
  states: readonly string[] | undefined,
): Promise<readonly ExpectedRun[]> {
  const run = await findLastRun(deps, address);
  if (run && (states === undefined || states.includes(run.state))) return [run];
  throw new OptimusError('RUN_NOT_FOUND', {
    message: `job "${address.job}" has no ${run ? 'such last ' : ''}run`,
    hint: 'give start_date and end_date to see what is expected',
    fields: { job: address.job },
  });
}

async function listRunsBetween(
  deps: ApiDeps,
  job: Job,
  { start, end }: Range,
): Promise<readonly RunDetail[]> {
  const key = { project: job.project, job: job.spec.name };
  const query = { ...key, since: start, until: new Date(end.getTime() + 1), limit: PAGE_SIZE };
  const runs: RunDetail[] = [...(await deps.runs.list(query))];
  let last = runs.length === PAGE_SIZE ? runs.at(-1) : undefined;
  while (last) {
    if (runs.length >= MAX_RUNS) throw tooMany();
    const page = await deps.runs.list({ ...query, before: last.scheduledAt });
    runs.push(...page);
    last = page.length === PAGE_SIZE ? page.at(-1) : undefined;
  }
  return runs;
}

/** Ticks without a run, but for those whose run retention has removed: nothing is to be expected of them. */
async function listPending(
  deps: ApiDeps,
  job: Job,
  range: Range,
  runs: readonly RunDetail[],
): Promise<readonly ExpectedRun[]> {
  const removed = await deps.runs.findRemoved({ project: job.project, job: job.spec.name });
  const missing = findMissingTicks(job, range, runs);
  return removed ? missing.filter(({ scheduledAt }) => scheduledAt > removed.until) : missing;
}

function findMissingTicks({ spec }: Job, { start, end }: Range, runs: readonly RunDetail[]): ExpectedRun[] {
  const input = { schedule: spec.schedule, catchUp: true };
  const first = planFirstTick(input, end, new Date(start.getTime() - 1));
  const { ticks, next } = first ? planTicks(input, first, end, MAX_RUNS) : { ticks: [], next: undefined };
  if (next && next <= end) throw tooMany();
  const known = new Set(runs.map(({ scheduledAt }) => scheduledAt.getTime()));
  return ticks
    .filter((tick) => !known.has(tick.getTime()))
    .map((scheduledAt) => ({ scheduledAt, state: PENDING }));
}

function tooMany(): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `more than ${MAX_RUNS} runs lie between start_date and end_date`,
    hint: 'ask for a shorter span',
  });
}
