import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type Attempt,
  type Instance,
  type InstanceType,
  type OpenProbe,
  type OpenWait,
  OptimusError,
  RUN_STATES,
  type RunDetail,
  type RunState,
  toSuggestion,
} from '@optimus/domain';
import { core } from '@optimus/proto';
import { toTimestamp } from './time-mapping.ts';

/** A run with its instances and attempts, as listings show it. */
export function toRunDetail(run: RunDetail): MessageInitShape<typeof core.RunDetailSchema> {
  return {
    id: run.id,
    jobName: run.job,
    namespaceName: run.namespace,
    scheduledAt: toTimestamp(run.scheduledAt),
    windowStart: toTimestamp(run.window.start),
    windowEnd: toTimestamp(run.window.end),
    state: run.state,
    attemptCount: Math.max(0, ...run.instances.map(({ attempts }) => attempts.length)),
    ...toSpan(run),
    message: run.message,
    instances: run.instances.map(toInstanceDetail),
    waits: (run.waits ?? []).map(toRunWait),
    probes: (run.probes ?? []).map(toRunProbe),
  };
}

/** The type on the wire. */
export function toInstanceType(type: InstanceType): core.InstanceSpec_Type {
  return type === 'task' ? core.InstanceSpec_Type.TASK : core.InstanceSpec_Type.HOOK;
}

/** @throws OptimusError `REQUEST_INVALID` */
export function fromInstanceType(type: core.InstanceSpec_Type): InstanceType {
  if (type === core.InstanceSpec_Type.TASK) return 'task';
  if (type === core.InstanceSpec_Type.HOOK) return 'hook';
  throw new OptimusError('REQUEST_INVALID', {
    message: 'instance_type is missing',
    hint: 'give TYPE_TASK or TYPE_HOOK',
    fields: { field: 'instance_type' },
  });
}

/** States to keep; undefined when the request keeps all. @throws OptimusError `REQUEST_INVALID` */
export function fromStateFilter(states: readonly string[]): readonly RunState[] | undefined {
  return states.length === 0 ? undefined : states.map(fromState);
}

function fromState(value: string): RunState {
  const state = RUN_STATES.find((known) => known === value.toLowerCase());
  if (state) return state;
  throw new OptimusError('REQUEST_INVALID', {
    message: `there is no run state ${JSON.stringify(value)}${toSuggestion(value, RUN_STATES)}`,
    hint: `use one of ${RUN_STATES.join(', ')}`,
    fields: { state: value },
  });
}

function toRunWait({ project, job, scheduledAt, state }: OpenWait) {
  const scheduled = toTimestamp(scheduledAt);
  return { projectName: project, jobName: job, scheduledAt: scheduled, state: state ?? 'pending' };
}

function toRunProbe({ kind, name, target, tries, lastOutcome, lastProbedAt, nextProbeAt }: OpenProbe) {
  const lastAt = lastProbedAt && { lastProbedAt: toTimestamp(lastProbedAt) };
  return { kind, name, target, tries, lastOutcome, ...lastAt, nextProbeAt: toTimestamp(nextProbeAt) };
}

function toInstanceDetail({ id, name, type, role, state, attempts }: Instance) {
  return { id, name, type: toInstanceType(type), role, state, attempts: attempts.map(toAttemptDetail) };
}

function toAttemptDetail(attempt: Attempt) {
  const { id, number, state, message, exitCode } = attempt;
  return { id, number, state, message, ...toSpan(attempt), ...(exitCode === undefined ? {} : { exitCode }) };
}

function toSpan({ startedAt, finishedAt }: { startedAt: Date | undefined; finishedAt: Date | undefined }) {
  return {
    ...(startedAt ? { startedAt: toTimestamp(startedAt) } : {}),
    ...(finishedAt ? { finishedAt: toTimestamp(finishedAt) } : {}),
  };
}
