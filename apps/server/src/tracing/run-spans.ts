import type { Attempt, Instance, RunChange, RunDetail } from '@optimus/domain';
import type { TraceIds } from './trace-ids.ts';

/** A span that has ended. */
export interface EndedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Why it failed; absent when it did not. */
  readonly failure?: string;
}

/** A tick that was caught up is not a wait of hours. */
const LONGEST_PLANNING_MS = 3_600_000;

/**
 * The spans of the execution of a run that has ended: the run, how it was planned, waited and queued, its instances and their
 * attempts. Of a rerun only what is its own. Pure.
 */
export function toRunSpans(
  ids: TraceIds,
  run: RunDetail,
  changes: readonly RunChange[],
): readonly EndedSpan[] {
  const { finishedAt, startedAt = run.executionTime } = run;
  if (!finishedAt) return [];
  const isFirst = run.instances.every(({ attempts }) => attempts.every((one) => one.startedAt >= startedAt));
  const before = isFirst ? listStagesBefore(run, changes, startedAt) : [];
  const root = {
    traceId: ids.ofRun(run.id),
    id: ids.ofExecution(run.id, startedAt),
    startedAt: before[0]?.startedAt ?? startedAt,
  };
  const { project, namespace, job, state } = run;
  const attributes = {
    'optimus.project': project,
    'optimus.namespace': namespace,
    'optimus.job': job,
    'optimus.scheduled_at': run.scheduledAt.toISOString(),
    'optimus.run_id': run.id,
    'optimus.state': state,
  };
  const isBad = state === 'failed' || state === 'canceled';
  return [
    {
      ...root,
      name: `run ${job}`,
      endedAt: finishedAt,
      attributes,
      ...(isBad && { failure: run.message || state }),
    },
    ...before.map((stage) => ({
      ...stage,
      traceId: root.traceId,
      id: ids.ofStage(root.id, stage.name),
      parentId: root.id,
      attributes: {},
    })),
    ...run.instances.flatMap((instance) => toInstanceSpans(ids, instance, { root, startedAt, finishedAt })),
  ];
}

type Stage = Pick<EndedSpan, 'name' | 'startedAt' | 'endedAt'>;

/** What there was before the first attempt: from tick to run, from run to queue, from queue to attempt. */
function listStagesBefore(
  { scheduledAt, executionTime }: RunDetail,
  changes: readonly RunChange[],
  startedAt: Date,
): readonly Stage[] {
  const planningMs = executionTime.getTime() - scheduledAt.getTime();
  const isPlanned = planningMs >= 0 && planningMs <= LONGEST_PLANNING_MS;
  const queuedAt = changes.find(({ state }) => state === 'queued')?.changedAt ?? executionTime;
  const stages: readonly (Stage | false)[] = [
    isPlanned && { name: 'plan', startedAt: scheduledAt, endedAt: executionTime },
    queuedAt > executionTime && { name: 'wait', startedAt: executionTime, endedAt: queuedAt },
    startedAt > queuedAt && { name: 'queue', startedAt: queuedAt, endedAt: startedAt },
  ];
  return stages.filter((stage) => stage !== false);
}

interface Execution {
  readonly root: { readonly traceId: string; readonly id: string };
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

function toInstanceSpans(
  ids: TraceIds,
  { id, type, name, role, state, attempts }: Instance,
  { root, startedAt, finishedAt }: Execution,
): readonly EndedSpan[] {
  const own = attempts.filter((attempt) => attempt.startedAt >= startedAt);
  const [first] = own;
  if (!first) return [];
  const { traceId } = root;
  const span: EndedSpan = {
    name: `${type} ${name}`,
    traceId,
    id: ids.ofInstance(id, first.startedAt),
    parentId: root.id,
    startedAt: first.startedAt,
    endedAt: own.at(-1)?.finishedAt ?? finishedAt,
    attributes: { 'optimus.role': role, 'optimus.state': state },
    ...(state === 'failed' && { failure: own.at(-1)?.message || state }),
  };
  return [
    span,
    ...own.map((attempt) => toAttemptSpan(ids, attempt, { traceId, parentId: span.id, finishedAt })),
  ];
}

function toAttemptSpan(
  ids: TraceIds,
  { id, number, state, exitCode, message, startedAt, finishedAt }: Attempt,
  parent: { readonly traceId: string; readonly parentId: string; readonly finishedAt: Date },
): EndedSpan {
  const { traceId, parentId } = parent;
  return {
    name: `attempt ${number}`,
    traceId,
    id: ids.ofAttempt(id),
    parentId,
    startedAt,
    endedAt: finishedAt ?? parent.finishedAt,
    attributes: {
      'optimus.attempt': number,
      'optimus.state': state,
      ...(exitCode !== undefined && { 'optimus.exit_code': exitCode }),
    },
    ...(state !== 'success' && { failure: message || state }),
  };
}
