import {
  fromSentAssets,
  type HookSpec,
  type HttpDependency,
  type JobBehavior,
  type JobDependency,
  type JobMetadata,
  type JobSpec,
  type NotifyRule,
  OptimusError,
  OVERLAP_POLICIES,
  parseJobName,
  type ResourceQuantities,
  toSuggestion,
  type WebhookRule,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import { NOTIFY_EVENTS } from './notify-events.ts';
import { fromAddressee, fromOperator } from './operator-mapping.ts';
import { fromDuration } from './time-mapping.ts';
import { fromWindow } from './window-mapping.ts';

/** A specification from the wire. @throws OptimusError `NAME_INVALID`, `SPEC_INVALID` */
export function fromJobSpecification(message: core.JobSpecification): JobSpec {
  return {
    version: message.version,
    name: parseJobName(message.name),
    owner: message.owner,
    description: message.description,
    labels: message.labels,
    schedule: {
      startDate: message.startDate,
      ...(message.endDate === '' ? {} : { endDate: message.endDate }),
      ...(message.timezone === '' ? {} : { timezone: message.timezone }),
      interval: message.interval,
    },
    behavior: fromBehavior(message),
    task: fromTask(message),
    hooks: message.hooks.map(fromHook),
    dependencies: message.dependencies.flatMap(fromDependency),
    metadata: fromMetadata(message.metadata),
    assets: fromSentAssets(message.assets, message.binaryAssets),
  };
}

/** A specification that a request must hold. @throws OptimusError `REQUEST_INVALID`, `NAME_INVALID`, `SPEC_INVALID` */
export function fromRequiredJobSpecification(
  message: core.JobSpecification | undefined,
  field: string,
): JobSpec {
  if (message) return fromJobSpecification(message);
  throw new OptimusError('REQUEST_INVALID', { message: `${field} is missing`, fields: { field } });
}

/** By its newer message when there is one, else by the older fields. */
function fromTask(message: core.JobSpecification): JobSpec['task'] {
  const { task, taskName, config } = message;
  const isNewer = task !== undefined && task.name !== '';
  return {
    name: isNewer ? task.name : taskName,
    config: (isNewer ? task.config : config).map(fromConfigItem),
    window: fromWindow(message),
    ...(task && fromOperator(task)),
  };
}

function fromBehavior({ dependsOnPast, catchUp, behavior }: core.JobSpecification): JobBehavior {
  return {
    dependsOnPast,
    catchUp,
    retry: {
      count: behavior?.retry?.count ?? 0,
      delayMs: fromDuration(behavior?.retry?.delay),
      exponentialBackoff: behavior?.retry?.exponentialBackoff ?? false,
    },
    notify: (behavior?.notify ?? []).map(fromNotifier),
    ...(behavior && behavior.webhook.length > 0 && { webhooks: behavior.webhook.map(fromWebhook) }),
    ...fromLimits(behavior),
  };
}

/** What is absent or zero limits nothing. */
function fromLimits(behavior: core.JobSpecification_Behavior | undefined): Partial<JobBehavior> {
  const maxActiveRuns = behavior?.maxActiveRuns ?? 0;
  const attemptTimeoutMs = fromDuration(behavior?.attemptTimeout);
  const runTimeoutMs = fromDuration(behavior?.runTimeout);
  return {
    ...(maxActiveRuns !== 0 && { maxActiveRuns }),
    ...fromOverlap(behavior?.overlap ?? ''),
    ...(attemptTimeoutMs !== 0 && { attemptTimeoutMs }),
    ...(runTimeoutMs !== 0 && { runTimeoutMs }),
  };
}

function fromOverlap(policy: string): Pick<JobBehavior, 'overlap'> {
  if (policy === '' || policy === 'allow') return {};
  const overlap = OVERLAP_POLICIES.find((known) => known === policy);
  if (overlap) return { overlap };
  const known = ['allow', ...OVERLAP_POLICIES];
  throw new OptimusError('SPEC_INVALID', {
    message: `behavior.overlap is ${JSON.stringify(policy)}${toSuggestion(policy, known)}`,
    hint: `use one of ${known.join(', ')}`,
  });
}

function fromNotifier(message: core.JobSpecification_Behavior_Notifier): NotifyRule {
  const { on, channels, config } = message;
  return { on: fromEvent(on, 'notify'), channels, config, ...fromAddressee(message) };
}

function fromWebhook({ on, endpoints }: core.JobSpecification_Behavior_Webhook): WebhookRule {
  return {
    on: fromEvent(on, 'webhook'),
    endpoints: endpoints.map(({ url, headers }) => ({ url, headers })),
  };
}

function fromEvent(type: core.JobEvent_Type, field: string): string {
  const event = NOTIFY_EVENTS.find(([known]) => known === type);
  if (event) return event[1];
  throw new OptimusError('SPEC_INVALID', { message: `behavior.${field}.on has no value ${type}` });
}

function fromConfigItem({ name, value }: core.JobConfigItem): { name: string; value: string } {
  return { name, value };
}

function fromHook({ name, config, when, ...operator }: core.JobSpecHook): HookSpec {
  const condition = when === '' ? {} : { when };
  return { name, config: config.map(fromConfigItem), ...condition, ...fromOperator(operator) };
}

/** Older clients send a job and an endpoint in one: a run waits for both. */
function fromDependency({ name, type, httpDependency }: core.JobDependency): readonly JobDependency[] {
  const hasJob = httpDependency === undefined || (name !== '' && type !== 'http');
  const job: JobDependency[] = hasJob ? [{ type: fromDependencyType(type, name), name }] : [];
  if (!httpDependency) return job;
  return [...job, { type: 'http', name: hasJob ? '' : name, http: fromHttpDependency(httpDependency) }];
}

function fromHttpDependency({ name, url, headers, params }: core.HttpDependency): HttpDependency {
  return { name, url, headers, params };
}

const DEPENDENCY_TYPES = ['intra', 'inter', 'extra'] as const;

function fromDependencyType(type: string, name: string): JobDependency['type'] {
  if (type === '') return name.includes('/') ? 'inter' : 'intra';
  const known = DEPENDENCY_TYPES.find((candidate) => candidate === type);
  if (known) return known;
  throw new OptimusError('SPEC_INVALID', {
    message: `dependency "${name}" has the unknown type "${type}"${toSuggestion(type, DEPENDENCY_TYPES)}`,
    hint: `use one of ${DEPENDENCY_TYPES.join(', ')}, or describe an HTTP endpoint`,
  });
}

function fromMetadata(metadata: core.JobMetadata | undefined): JobMetadata {
  const { resource, airflow, kubernetes } = metadata ?? {};
  return {
    ...(resource
      ? { resource: { request: fromQuantities(resource.request), limit: fromQuantities(resource.limit) } }
      : {}),
    ...(airflow ? { airflow: { pool: airflow.pool, queue: airflow.queue } } : {}),
    ...(kubernetes?.serviceAccount ? { kubernetes: { serviceAccount: kubernetes.serviceAccount } } : {}),
  };
}

function fromQuantities(config: core.JobMetadataResourceConfig | undefined): ResourceQuantities {
  return { cpu: config?.cpu ?? '', memory: config?.memory ?? '' };
}
