import { type JobDependency, type JobMetadata, type JobSpec, parseJobName } from '@optimus/domain';
import type { JobYaml } from './job-yaml-schema.ts';

/** The specification that a `job.yaml` and its assets are. @throws OptimusError `NAME_INVALID` */
export function toJobSpec(yaml: JobYaml, assets: Readonly<Record<string, string>>): JobSpec {
  return {
    version: yaml.version,
    name: parseJobName(yaml.name),
    owner: yaml.owner,
    description: yaml.description ?? '',
    labels: yaml.labels,
    schedule: toSchedule(yaml.schedule),
    behavior: toBehavior(yaml.behavior),
    task: {
      name: yaml.task.name,
      config: toItems(yaml.task.config),
      window: toWindow(yaml.task.window),
    },
    hooks: yaml.hooks.map(({ name, config }) => ({ name, config: toItems(config) })),
    dependencies: yaml.dependencies.map(toDependency),
    metadata: toMetadata(yaml.metadata),
    assets,
  };
}

function toSchedule({ start_date, end_date, interval }: JobYaml['schedule']): JobSpec['schedule'] {
  return {
    startDate: start_date,
    interval: interval ?? '',
    ...(end_date === undefined || end_date === '' ? {} : { endDate: end_date }),
  };
}

function toBehavior(behavior: JobYaml['behavior']): JobSpec['behavior'] {
  const retry = behavior?.retry;
  return {
    dependsOnPast: behavior?.depends_on_past ?? false,
    catchUp: behavior?.catch_up ?? false,
    retry: {
      count: retry?.count ?? 0,
      delayMs: retry?.delay ?? 0,
      exponentialBackoff: retry?.exponential_backoff ?? false,
    },
    notify: behavior?.notify ?? [],
  };
}

/** The window of a job that leaves parts of it out: the day before, as whole days. */
const DEFAULT_WINDOW = { size: '24h', offset: '0', truncateTo: 'd' };

function toWindow(window: JobYaml['task']['window']): JobSpec['task']['window'] {
  return {
    size: window?.size ?? DEFAULT_WINDOW.size,
    offset: window?.offset ?? DEFAULT_WINDOW.offset,
    truncateTo: window?.truncate_to ?? DEFAULT_WINDOW.truncateTo,
  };
}

function toDependency({ job, type, http }: JobYaml['dependencies'][number]): JobDependency {
  if (http) return { type: 'http', name: '', http };
  const name = job ?? '';
  if (type === 'extra' || type === 'inter') return { type, name };
  return { type: name.includes('/') ? 'inter' : 'intra', name };
}

function toMetadata(metadata: JobYaml['metadata']): JobMetadata {
  const resource = metadata?.resource;
  const airflow = metadata?.airflow;
  return {
    ...(resource && {
      resource: { request: toQuantities(resource.request), limit: toQuantities(resource.limit) },
    }),
    ...(airflow && { airflow: { pool: airflow.pool ?? '', queue: airflow.queue ?? '' } }),
  };
}

type Quantities = NonNullable<NonNullable<JobYaml['metadata']>['resource']>['request'];

function toQuantities(quantities: Quantities) {
  return { cpu: quantities?.cpu ?? '', memory: quantities?.memory ?? '' };
}

function toItems(config: Readonly<Record<string, string>>): JobSpec['task']['config'] {
  return Object.entries(config).map(([name, value]) => ({ name, value }));
}
