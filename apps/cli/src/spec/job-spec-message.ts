import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  fromSentAssets,
  type JobDependency,
  type JobMetadata,
  type JobSpec,
  parseJobName,
  toSentAssets,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import { fromBehaviorMessage, toBehaviorMessage } from './behavior-message.ts';
import { fromOperatorMessage, toOperatorMessage } from './operator-message.ts';
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
    timezone: schedule.timezone ?? '',
    dependsOnPast: behavior.dependsOnPast,
    catchUp: behavior.catchUp,
    behavior: toBehaviorMessage(behavior),
    ...toTaskMessage(task),
    ...toWindowFields(spec.version, task.window),
    hooks: spec.hooks.map((hook) => ({
      name: hook.name,
      config: [...hook.config],
      when: hook.when ?? '',
      ...toOperatorMessage(hook),
    })),
    dependencies: spec.dependencies.map(toDependencyMessage),
    metadata: toMetadataMessage(spec.metadata),
    ...toAssetFields(spec.assets),
  };
}

function toAssetFields(assets: JobSpec['assets']) {
  const { texts, binaries } = toSentAssets(assets);
  return { assets: { ...texts }, binaryAssets: binaries };
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
      ...(message.timezone === '' ? {} : { timezone: message.timezone }),
    },
    behavior: fromBehaviorMessage(message),
    task: {
      name: message.taskName,
      config: fromItems(message.config),
      window: fromWindowFields(message),
      ...(message.task && fromOperatorMessage(message.task)),
    },
    hooks: message.hooks.map(({ name, config, when, ...operator }) => ({
      name,
      config: fromItems(config),
      ...(when !== '' && { when }),
      ...fromOperatorMessage(operator),
    })),
    dependencies: message.dependencies.map(fromDependencyMessage),
    metadata: fromMetadataMessage(message.metadata),
    assets: fromSentAssets(message.assets, message.binaryAssets),
  };
}

/** The newer message goes along when it says more than the older fields. */
function toTaskMessage(task: JobSpec['task']) {
  const { name, config } = task;
  const isNewer = task.version !== undefined || task.alert !== undefined;
  const newer = { name, config: [...config], ...toOperatorMessage(task) };
  return { taskName: name, config: [...config], ...(isNewer && { task: newer }) };
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

function toMetadataMessage({ resource, airflow, kubernetes }: JobMetadata) {
  return {
    ...(resource && { resource: { request: { ...resource.request }, limit: { ...resource.limit } } }),
    ...(airflow && { airflow: { ...airflow } }),
    ...(kubernetes && { kubernetes: { ...kubernetes } }),
  };
}

function fromMetadataMessage(metadata: core.JobMetadata | undefined): JobMetadata {
  const resource = metadata?.resource;
  const airflow = metadata?.airflow;
  const serviceAccount = metadata?.kubernetes?.serviceAccount ?? '';
  return {
    ...(resource && {
      resource: { request: fromQuantities(resource.request), limit: fromQuantities(resource.limit) },
    }),
    ...(airflow && { airflow: { pool: airflow.pool, queue: airflow.queue } }),
    ...(serviceAccount !== '' && { kubernetes: { serviceAccount } }),
  };
}

function fromQuantities(quantities: core.JobMetadataResourceConfig | undefined) {
  return { cpu: quantities?.cpu ?? '', memory: quantities?.memory ?? '' };
}

function fromItems(config: readonly core.JobConfigItem[]): JobSpec['task']['config'] {
  return config.map(({ name, value }) => ({ name, value }));
}
