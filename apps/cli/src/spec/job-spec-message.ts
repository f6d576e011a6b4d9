import type { MessageInitShape } from '@bufbuild/protobuf';
import { type DurationSchema, durationMs } from '@bufbuild/protobuf/wkt';
import { type JobDependency, type JobMetadata, type JobSpec, parseJobName } from '@optimus/domain';
import { core } from '@optimus/proto';
import { fromWindowFields, toWindowFields } from './window-message.ts';

type SpecMessage = MessageInitShape<typeof core.JobSpecificationSchema>;

/** The message of a specification. */
export function toSpecMessage(spec: JobSpec): SpecMessage {
  const { schedule, behavior, task } = spec;
  return {
    version: spec.version,
    name: spec.name,
    owner: spec.owner,
    description: spec.description,
    labels: { ...spec.labels },
    startDate: schedule.startDate,
    endDate: schedule.endDate ?? '',
    interval: schedule.interval,
    dependsOnPast: behavior.dependsOnPast,
    catchUp: behavior.catchUp,
    behavior: toBehaviorMessage(behavior),
    taskName: task.name,
    config: [...task.config],
    ...toWindowFields(spec.version, task.window),
    hooks: spec.hooks.map(({ name, config }) => ({ name, config: [...config] })),
    dependencies: spec.dependencies.map(toDependencyMessage),
    metadata: toMetadataMessage(spec.metadata),
    assets: { ...spec.assets },
  };
}

/** The specification of a message. @throws OptimusError `NAME_INVALID` */
export function fromSpecMessage(message: core.JobSpecification): JobSpec {
  return {
    version: message.version,
    name: parseJobName(message.name),
    owner: message.owner,
    description: message.description,
    labels: message.labels,
    schedule: {
      startDate: message.startDate,
      interval: message.interval,
      ...(message.endDate === '' ? {} : { endDate: message.endDate }),
    },
    behavior: fromBehaviorMessage(message),
    task: {
      name: message.taskName,
      config: fromItems(message.config),
      window: fromWindowFields(message),
    },
    hooks: message.hooks.map(({ name, config }) => ({ name, config: fromItems(config) })),
    dependencies: message.dependencies.map(fromDependencyMessage),
    metadata: fromMetadataMessage(message.metadata),
    assets: message.assets,
  };
}

/** The events a notification can be about, by their names in `job.yaml`. */
const NOTIFY_EVENTS: Readonly<Record<string, core.JobEvent_Type>> = {
  '': core.JobEvent_Type.UNSPECIFIED,
  sla_miss: core.JobEvent_Type.SLA_MISS,
  failure: core.JobEvent_Type.FAILURE,
  success: core.JobEvent_Type.SUCCESS,
};

function toBehaviorMessage({ retry, notify, ...limits }: JobSpec['behavior']) {
  const { maxActiveRuns = 0, attemptTimeoutMs, runTimeoutMs } = limits;
  return {
    retry: {
      count: retry.count,
      delay: toDurationMessage(retry.delayMs),
      exponentialBackoff: retry.exponentialBackoff,
    },
    notify: notify.map(({ on, channels, config }) => ({
      on: NOTIFY_EVENTS[on] ?? core.JobEvent_Type.UNSPECIFIED,
      channels: [...channels],
      config: { ...config },
    })),
    maxActiveRuns,
    ...(attemptTimeoutMs !== undefined && { attemptTimeout: toDurationMessage(attemptTimeoutMs) }),
    ...(runTimeoutMs !== undefined && { runTimeout: toDurationMessage(runTimeoutMs) }),
  };
}

function fromBehaviorMessage(message: core.JobSpecification): JobSpec['behavior'] {
  const retry = message.behavior?.retry;
  return {
    dependsOnPast: message.dependsOnPast,
    catchUp: message.catchUp,
    retry: {
      count: retry?.count ?? 0,
      delayMs: retry?.delay ? durationMs(retry.delay) : 0,
      exponentialBackoff: retry?.exponentialBackoff ?? false,
    },
    notify: (message.behavior?.notify ?? []).map(({ on, channels, config }) => ({
      on: Object.keys(NOTIFY_EVENTS).find((name) => NOTIFY_EVENTS[name] === on) ?? '',
      channels,
      config,
    })),
    ...fromLimits(message.behavior),
  };
}

/** What is absent or zero limits nothing. */
function fromLimits(behavior: core.JobSpecification_Behavior | undefined): Partial<JobSpec['behavior']> {
  const { maxActiveRuns = 0, attemptTimeout, runTimeout } = behavior ?? {};
  return {
    ...(maxActiveRuns > 0 && { maxActiveRuns }),
    ...(attemptTimeout && { attemptTimeoutMs: durationMs(attemptTimeout) }),
    ...(runTimeout && { runTimeoutMs: durationMs(runTimeout) }),
  };
}

function toDurationMessage(ms: number): MessageInitShape<typeof DurationSchema> {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

function toDependencyMessage({ type, name, http }: JobDependency) {
  if (!http) return { name, type };
  const { headers, params, ...rest } = http;
  return { name, type, httpDependency: { ...rest, headers: { ...headers }, params: { ...params } } };
}

const DEPENDENCY_TYPES = ['intra', 'inter', 'http', 'extra'] as const;

function fromDependencyMessage({ name, type, httpDependency }: core.JobDependency): JobDependency {
  if (!httpDependency) return { name, type: DEPENDENCY_TYPES.find((known) => known === type) ?? 'intra' };
  const { url, headers, params } = httpDependency;
  return { name, type: 'http', http: { name: httpDependency.name, url, headers, params } };
}

function toMetadataMessage({ resource, airflow }: JobMetadata) {
  return {
    ...(resource && { resource: { request: { ...resource.request }, limit: { ...resource.limit } } }),
    ...(airflow && { airflow: { ...airflow } }),
  };
}

function fromMetadataMessage(metadata: core.JobMetadata | undefined): JobMetadata {
  const resource = metadata?.resource;
  const airflow = metadata?.airflow;
  return {
    ...(resource && {
      resource: { request: fromQuantities(resource.request), limit: fromQuantities(resource.limit) },
    }),
    ...(airflow && { airflow: { pool: airflow.pool, queue: airflow.queue } }),
  };
}

function fromQuantities(quantities: core.JobMetadataResourceConfig | undefined) {
  return { cpu: quantities?.cpu ?? '', memory: quantities?.memory ?? '' };
}

function fromItems(config: readonly core.JobConfigItem[]): JobSpec['task']['config'] {
  return config.map(({ name, value }) => ({ name, value }));
}
