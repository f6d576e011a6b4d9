import {
  type AlertRule,
  type JobDependency,
  type JobMetadata,
  type JobName,
  type JobSpec,
  OVERLAP_POLICIES,
  parseJobName,
  toPresetName,
} from '@optimus/domain';
import type { JobFragment } from './job-schema.ts';

type Task = NonNullable<JobFragment['task']>;
type Behavior = NonNullable<JobFragment['behavior']>;
type Alert = NonNullable<Task['alert']>;

/** The specification that a fragment is when everything is inherited; what is required and absent is empty. */
export function toJobSpec(fragment: JobFragment, assets: Readonly<Record<string, string>>): JobSpec {
  const { version, task, schedule } = fragment;
  return {
    version: version ?? 1,
    name: toName(fragment.name),
    owner: fragment.owner ?? '',
    description: fragment.description ?? '',
    labels: fragment.labels,
    schedule: {
      startDate: schedule?.start_date ?? '',
      interval: schedule?.interval ?? '',
      ...(schedule?.end_date ? { endDate: schedule.end_date } : {}),
      ...(schedule?.timezone ? { timezone: schedule.timezone } : {}),
    },
    behavior: toBehavior(fragment.behavior),
    task: {
      name: task?.name ?? '',
      config: toItems(task?.config ?? {}),
      window: toWindow(version ?? 1, task?.window),
      ...toOperator(task),
    },
    hooks: fragment.hooks.map((hook) => ({
      name: hook.name,
      config: toItems(hook.config),
      ...(hook.when ? { when: hook.when } : {}),
      ...toOperator(hook),
    })),
    dependencies: fragment.dependencies.map(toDependency),
    metadata: toMetadata(fragment.metadata),
    assets,
  };
}

const NO_NAME = parseJobName('unnamed');

function toName(name: string | null | undefined): JobName {
  return name ? parseJobName(name) : NO_NAME;
}

function toBehavior(behavior: JobFragment['behavior']): JobSpec['behavior'] {
  const { retry, notify = [], webhook = [] } = behavior ?? {};
  return {
    dependsOnPast: behavior?.depends_on_past ?? false,
    catchUp: behavior?.catch_up ?? false,
    retry: {
      count: retry?.count ?? 0,
      delayMs: retry?.delay ?? 0,
      exponentialBackoff: retry?.exponential_backoff ?? false,
    },
    notify: notify.map(toNotify),
    ...(webhook.length > 0 && {
      webhooks: webhook.map(({ on, endpoints }) => ({ on: on ?? '', endpoints })),
    }),
    ...toLimits(behavior),
  };
}

/** What is absent or zero limits nothing. */
function toLimits(behavior: JobFragment['behavior']): Partial<JobSpec['behavior']> {
  const {
    max_active_runs: maxActiveRuns,
    overlap: said,
    attempt_timeout: attemptTimeoutMs,
    run_timeout: runTimeoutMs,
  } = behavior ?? {};
  const overlap = OVERLAP_POLICIES.find((policy) => policy === said);
  return {
    ...(maxActiveRuns ? { maxActiveRuns } : {}),
    ...(overlap ? { overlap } : {}),
    ...(attemptTimeoutMs ? { attemptTimeoutMs } : {}),
    ...(runTimeoutMs ? { runTimeoutMs } : {}),
  };
}

function toNotify({ on, channels, config, severity, team }: Behavior['notify'][number]) {
  return { on: on ?? '', channels, config, ...toAddressee({ severity, team }) };
}

/** Who is told, and how loudly. */
function toAddressee({
  severity,
  team,
}: {
  severity?: string | null | undefined;
  team?: string | undefined;
}) {
  const known = SEVERITIES.find((name) => name === severity);
  return { ...(known === undefined ? {} : { severity: known }), ...(team ? { team } : {}) };
}

const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;

/** What a classic window that leaves parts of it out means: the day before, as whole days. */
const CLASSIC_WINDOW = { size: '24h', offset: '0', truncateTo: 'd' };

/** From version 3 on a window that is not there is none: the run covers the time from tick to tick. */
function toWindow(version: number, window: Task['window']): JobSpec['task']['window'] {
  const usual = version < 3 ? CLASSIC_WINDOW : { size: '', offset: '', truncateTo: '' };
  return {
    size: window?.size ?? usual.size,
    offset: window?.offset ?? usual.offset,
    truncateTo: window?.truncate_to ?? usual.truncateTo,
    ...(window?.shift_by ? { shiftBy: window.shift_by } : {}),
    ...(window?.location ? { location: window.location } : {}),
    ...(window?.preset ? { preset: toPresetName(window.preset) } : {}),
  };
}

function toOperator(
  operator: { version?: string | undefined; alert?: Alert | null | undefined } | null | undefined,
) {
  return {
    ...(operator?.version ? { version: operator.version } : {}),
    ...(operator?.alert ? { alert: toAlert(operator.alert) } : {}),
  };
}

function toAlert({ team, sla_miss, disable_anomaly_detection, ...others }: Alert): AlertRule {
  const said = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...(team ? { team } : {}),
    slaMiss: sla_miss.map(({ duration_threshold, auto_threshold, ...addressee }) => ({
      ...(duration_threshold ? { durationThreshold: duration_threshold } : {}),
      ...(auto_threshold === undefined || auto_threshold === null ? {} : { autoThreshold: auto_threshold }),
      ...toAddressee(addressee),
    })),
    ...(disable_anomaly_detection === undefined || disable_anomaly_detection === null
      ? {}
      : { disableAnomalyDetection: disable_anomaly_detection }),
    ...(said.length > 0 ? { others: Object.fromEntries(said) } : {}),
  };
}

function toDependency({ job, type, http }: JobFragment['dependencies'][number]): JobDependency {
  if (http) return { type: 'http', name: '', http };
  const name = job ?? '';
  if (type === 'extra' || type === 'inter') return { type, name };
  return { type: name.includes('/') ? 'inter' : 'intra', name };
}

function toMetadata(metadata: JobFragment['metadata']): JobMetadata {
  const { resource, airflow, kubernetes } = metadata ?? {};
  return {
    ...(resource && {
      resource: { request: toQuantities(resource.request), limit: toQuantities(resource.limit) },
    }),
    ...(airflow && { airflow: { pool: airflow.pool ?? '', queue: airflow.queue ?? '' } }),
    ...(kubernetes?.service_account && { kubernetes: { serviceAccount: kubernetes.service_account } }),
  };
}

type Quantities = NonNullable<NonNullable<JobFragment['metadata']>['resource']>['request'];

function toQuantities(quantities: Quantities) {
  return { cpu: quantities?.cpu ?? '', memory: quantities?.memory ?? '' };
}

function toItems(config: Readonly<Record<string, string>>): JobSpec['task']['config'] {
  return Object.entries(config).map(([name, value]) => ({ name, value }));
}
