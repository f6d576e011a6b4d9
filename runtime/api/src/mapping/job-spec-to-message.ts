import { create } from '@bufbuild/protobuf';
import {
  type HookSpec,
  type JobBehavior,
  type JobDependency,
  type JobMetadata,
  type JobSpec,
  type NotifyRule,
  toSentAssets,
  type WebhookRule,
} from '@optimus/domain';
import { core } from '@optimus/proto';
import { toEventType } from './notify-events.ts';
import { toOperator } from './operator-mapping.ts';
import { toDuration } from './time-mapping.ts';
import { toWindowFields } from './window-mapping.ts';

/** A specification for the wire; {@link fromJobSpecification} makes the same one of it. */
export function toJobSpecification(spec: JobSpec): core.JobSpecification {
  const { texts, binaries } = toSentAssets(spec.assets);
  return create(core.JobSpecificationSchema, {
    ...toHead(spec),
    ...toTask(spec),
    hooks: spec.hooks.map(toHook),
    dependencies: spec.dependencies.map(toDependency),
    assets: { ...texts },
    binaryAssets: binaries,
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
    timezone: schedule.timezone ?? '',
    dependsOnPast: behavior.dependsOnPast,
    catchUp: behavior.catchUp,
  };
}

/** The newer message goes along when it says more than the older fields. */
function toTask({ version, task }: JobSpec) {
  const { name, config, window } = task;
  const isNewer = task.version !== undefined || task.alert !== undefined;
  return {
    taskName: name,
    config: [...config],
    ...toWindowFields(version, window),
    ...(isNewer && { task: { name, config: [...config], ...toOperator(task) } }),
  };
}

function toHook(hook: HookSpec) {
  return { name: hook.name, config: [...hook.config], when: hook.when ?? '', ...toOperator(hook) };
}

function toBehavior({ retry, notify, webhooks = [], ...limits }: JobBehavior) {
  const { count, delayMs, exponentialBackoff } = retry;
  const { maxActiveRuns = 0, overlap = '', attemptTimeoutMs, runTimeoutMs } = limits;
  return {
    retry: { count, delay: toDuration(delayMs), exponentialBackoff },
    notify: notify.map(toNotifier),
    webhook: webhooks.map(toWebhook),
    maxActiveRuns,
    overlap,
    ...(attemptTimeoutMs !== undefined && { attemptTimeout: toDuration(attemptTimeoutMs) }),
    ...(runTimeoutMs !== undefined && { runTimeout: toDuration(runTimeoutMs) }),
  };
}

function toNotifier({ on, channels, config, ...addressee }: NotifyRule) {
  return { on: toEventType(on), channels: [...channels], config, ...addressee };
}

function toWebhook({ on, endpoints }: WebhookRule) {
  return { on: toEventType(on), endpoints: [...endpoints] };
}

function toDependency({ type, name, http }: JobDependency) {
  return { name, type, ...(http ? { httpDependency: http } : {}) };
}

function toMetadata({ resource, airflow, kubernetes }: JobMetadata) {
  return { ...(resource && { resource }), ...(airflow && { airflow }), ...(kubernetes && { kubernetes }) };
}
