import type {
  AlertRule,
  ConfigItem,
  HookSpec,
  JobDependency,
  JobSpec,
  NotifyRule,
  WindowSpec,
} from '@optimus/domain';
import { stringify } from 'yaml';
import { formatDuration } from './duration.ts';

/** The text of a `job.yaml`; assets are files of their own. Parsing it gives the same specification. */
export function formatJob(spec: JobSpec): string {
  return stringify(toJobDocument(spec), { lineWidth: 0 });
}

/** The plain form of a `job.yaml`, its keys in the order in which people read them. */
export function toJobDocument(spec: JobSpec): Readonly<Record<string, unknown>> {
  const { schedule, task } = spec;
  return {
    version: spec.version,
    name: spec.name,
    owner: spec.owner,
    ...(spec.description === '' ? {} : { description: spec.description }),
    schedule: {
      start_date: schedule.startDate,
      ...(schedule.endDate === undefined ? {} : { end_date: schedule.endDate }),
      interval: schedule.interval,
      ...(schedule.timezone === undefined ? {} : { timezone: schedule.timezone }),
    },
    behavior: toBehaviorDocument(spec.behavior),
    task: { ...toOperatorDocument(task), ...toWindowDocument(spec.version, task.window) },
    labels: spec.labels,
    dependencies: spec.dependencies.map(toDependencyDocument),
    hooks: spec.hooks.map(toOperatorDocument),
    ...toMetadataDocument(spec.metadata),
  };
}

function toBehaviorDocument({
  dependsOnPast,
  catchUp,
  retry,
  notify,
  webhooks,
  ...limits
}: JobSpec['behavior']) {
  const { maxActiveRuns, overlap, attemptTimeoutMs, runTimeoutMs } = limits;
  const isRetrying = retry.count !== 0 || retry.delayMs !== 0 || retry.exponentialBackoff;
  return {
    depends_on_past: dependsOnPast,
    catch_up: catchUp,
    ...(isRetrying && {
      retry: {
        count: retry.count,
        delay: formatDuration(retry.delayMs),
        exponential_backoff: retry.exponentialBackoff,
      },
    }),
    ...(notify.length > 0 && { notify: notify.map(toNotifyDocument) }),
    ...(webhooks && { webhook: webhooks }),
    ...(maxActiveRuns && { max_active_runs: maxActiveRuns }),
    ...(overlap && { overlap }),
    ...(attemptTimeoutMs && { attempt_timeout: formatDuration(attemptTimeoutMs) }),
    ...(runTimeoutMs && { run_timeout: formatDuration(runTimeoutMs) }),
  };
}

function toNotifyDocument({ on, channels, config, severity, team }: NotifyRule) {
  return {
    on,
    channels,
    config,
    ...(severity === undefined ? {} : { severity }),
    ...(team === undefined ? {} : { team }),
  };
}

function toOperatorDocument({ name, when, version, config, alert }: HookSpec) {
  return {
    name,
    ...(when === undefined ? {} : { when }),
    ...(version === undefined ? {} : { version }),
    config: toConfigDocument(config),
    ...(alert && { alert: toAlertDocument(alert) }),
  };
}

function toAlertDocument({ team, slaMiss, disableAnomalyDetection, others }: AlertRule) {
  return {
    ...(team === undefined ? {} : { team }),
    ...(slaMiss.length > 0 && {
      sla_miss: slaMiss.map(({ durationThreshold, autoThreshold, ...addressee }) => ({
        ...(durationThreshold === undefined ? {} : { duration_threshold: durationThreshold }),
        ...(autoThreshold === undefined ? {} : { auto_threshold: autoThreshold }),
        ...addressee,
      })),
    }),
    ...(disableAnomalyDetection === undefined ? {} : { disable_anomaly_detection: disableAnomalyDetection }),
    ...others,
  };
}

/** Classic windows are written whole, also where their parts are the usual ones; a window of version 3 as far as it says anything. */
function toWindowDocument(version: number, window: WindowSpec) {
  const { size, offset, truncateTo, shiftBy = '', location = '', preset = '' } = window;
  const more = { shift_by: shiftBy, location, preset };
  const parts =
    version < 3
      ? { size, offset, truncate_to: truncateTo, ...pickSaid(more) }
      : pickSaid({ size, offset, truncate_to: truncateTo, ...more });
  return Object.keys(parts).length === 0 ? {} : { window: parts };
}

function pickSaid(parts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''));
}

function toDependencyDocument({ type, name, http }: JobDependency) {
  return http ? { http } : { job: name, type };
}

function toMetadataDocument({ resource, airflow, kubernetes }: JobSpec['metadata']) {
  if (!resource && !airflow && !kubernetes) return {};
  return {
    metadata: {
      ...(resource && { resource }),
      ...(airflow && { airflow }),
      ...(kubernetes && { kubernetes: { service_account: kubernetes.serviceAccount } }),
    },
  };
}

function toConfigDocument(config: readonly ConfigItem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(config.map(({ name, value }) => [name, value]));
}
