import { create } from '@bufbuild/protobuf';
import type { JobBehavior, JobDependency, JobMetadata, JobSpec, NotifyRule } from '@optimus/domain';
import { core } from '@optimus/proto';
import { NOTIFY_EVENTS } from './notify-events.ts';
import { toDuration } from './time-mapping.ts';
import { toWindowFields } from './window-mapping.ts';

/** A specification for the wire; {@link fromJobSpecification} makes the same one of it. */
export function toJobSpecification(spec: JobSpec): core.JobSpecification {
  return create(core.JobSpecificationSchema, {
    ...toHead(spec),
    ...toTask(spec),
    hooks: spec.hooks.map(({ name, config }) => ({ name, config: [...config] })),
    dependencies: spec.dependencies.map(toDependency),
    assets: spec.assets,
    behavior: toBehavior(spec.behavior),
    metadata: toMetadata(spec.metadata),
  });
}

function toHead({ version, name, owner, description, labels, schedule, behavior }: JobSpec) {
  return {
    version,
    name,
    owner,
    description,
    labels,
    startDate: schedule.startDate,
    endDate: schedule.endDate ?? '',
    interval: schedule.interval,
    dependsOnPast: behavior.dependsOnPast,
    catchUp: behavior.catchUp,
  };
}

function toTask({ version, task: { name, config, window } }: JobSpec) {
  return { taskName: name, config: [...config], ...toWindowFields(version, window) };
}

function toBehavior({ retry, notify, ...limits }: JobBehavior) {
  const { count, delayMs, exponentialBackoff } = retry;
  const { maxActiveRuns = 0, attemptTimeoutMs, runTimeoutMs } = limits;
  return {
    retry: { count, delay: toDuration(delayMs), exponentialBackoff },
    notify: notify.map(toNotifier),
    maxActiveRuns,
    ...(attemptTimeoutMs !== undefined && { attemptTimeout: toDuration(attemptTimeoutMs) }),
    ...(runTimeoutMs !== undefined && { runTimeout: toDuration(runTimeoutMs) }),
  };
}

function toNotifier({ on, channels, config }: NotifyRule) {
  const [type = core.JobEvent_Type.UNSPECIFIED] = NOTIFY_EVENTS.find(([, name]) => name === on) ?? [];
  return { on: type, channels: [...channels], config };
}

function toDependency({ type, name, http }: JobDependency) {
  return { name, type, ...(http ? { httpDependency: http } : {}) };
}

function toMetadata({ resource, airflow }: JobMetadata) {
  return { ...(resource ? { resource } : {}), ...(airflow ? { airflow } : {}) };
}
