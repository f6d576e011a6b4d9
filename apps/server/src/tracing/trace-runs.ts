import {
  type ClaimedAttempt,
  type Executor,
  isTerminal,
  type Log,
  OptimusError,
  type RunChangeStore,
  type RunKey,
  type RunStore,
  toErrorMessage,
} from '@optimus/domain';
import { decorate } from '../metrics/decorate.ts';
import { type EndedSpan, toRunSpans } from './run-spans.ts';
import type { TraceIds } from './trace-ids.ts';

/** What tracing needs. */
export interface TraceRunsOptions {
  readonly ids: TraceIds;
  readonly runs: RunStore;
  readonly runChanges: Pick<RunChangeStore, 'listOf'>;
  readonly executor: Executor;
  readonly export: (spans: readonly EndedSpan[]) => void;
  readonly log: Log;
}

/** An attempt that this server has. */
interface Traced {
  readonly attempt: ClaimedAttempt;
  readonly claimedAt: Date;
  readonly runsSince?: Date;
}

const MOST_CHANGES = 1_000;

/**
 * The ports of a scheduler, with a trace made of what passes through them. Whoever ends a run tells its spans from what is stored;
 * who starts an attempt adds the stages that are stored nowhere, and tells the task where its own spans belong.
 */
export function traceRuns(options: TraceRunsOptions): Pick<TraceRunsOptions, 'runs' | 'executor'> {
  const traced = new Map<string, Traced>();
  return { runs: traceStore(options, traced), executor: traceExecutor(options, traced) };
}

function traceStore(options: TraceRunsOptions, traced: Map<string, Traced>): RunStore {
  const { runs } = options;
  const keep = (attempts: readonly ClaimedAttempt[]): void => {
    for (const attempt of attempts) traced.set(attempt.attemptId, { attempt, claimedAt: new Date() });
  };
  return decorate(runs, {
    async claim(...values) {
      const claim = await runs.claim(...values);
      keep(claim.attempts);
      return claim;
    },
    async adopt(...values) {
      const adopted = await runs.adopt(...values);
      keep(adopted);
      return adopted;
    },
    async adoptExpired(...values) {
      const adopted = await runs.adoptExpired(...values);
      keep(adopted);
      return adopted;
    },
    async finish(claim, outcome, next) {
      const found = traced.get(claim.attemptId);
      const step = await runs.finish(claim, outcome, next).catch((thrown: unknown) => {
        // Another owner has it, or its end is recorded: it is not asked again.
        if (thrown instanceof OptimusError && thrown.code === 'FENCE_STALE') traced.delete(claim.attemptId);
        throw thrown;
      });
      traced.delete(claim.attemptId);
      if (found?.runsSince) tellStage(options, found, { name: 'run', startedAt: found.runsSince });
      if (found && isTerminal(step.state)) void tellRun(options, found.attempt);
      return step;
    },
  });
}

function traceExecutor(options: TraceRunsOptions, traced: Map<string, Traced>): Executor {
  const { executor, ids } = options;
  return decorate(executor, {
    async start(request, calledOff) {
      const found = traced.get(request.attemptId);
      if (!found) return await executor.start(request, calledOff);
      tellStage(options, found, { name: 'compile', startedAt: found.claimedAt });
      const startedAt = new Date();
      const { runId, attemptId } = found.attempt;
      const env = { ...request.env, TRACEPARENT: ids.toTraceparent(runId, attemptId) };
      const handle = await executor.start({ ...request, env }, calledOff);
      tellStage(options, found, { name: 'start', startedAt });
      // A short task may have ended by now.
      if (traced.has(attemptId)) traced.set(attemptId, { ...found, runsSince: new Date() });
      return handle;
    },
  });
}

function tellStage(
  { ids, export: tell }: TraceRunsOptions,
  { attempt }: Traced,
  { name, startedAt }: Pick<EndedSpan, 'name' | 'startedAt'>,
): void {
  const parentId = ids.ofAttempt(attempt.attemptId);
  const id = ids.ofStage(parentId, name);
  tell([
    { name, traceId: ids.ofRun(attempt.runId), id, parentId, startedAt, endedAt: new Date(), attributes: {} },
  ]);
}

/** A trace that cannot be told is no reason to keep anybody waiting, and less to fail. */
async function tellRun(options: TraceRunsOptions, { project, job, scheduledAt }: RunKey): Promise<void> {
  const { ids, runs, runChanges, log } = options;
  const key = { project, job, scheduledAt };
  try {
    const [run, changes] = await Promise.all([
      runs.findDetail(key),
      runChanges.listOf(key, { limit: MOST_CHANGES }),
    ]);
    if (run) options.export(toRunSpans(ids, run, changes));
  } catch (thrown) {
    log.warn('the trace of a run could not be told', { project, job, error: toErrorMessage(thrown) });
  }
}
