import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigItem, JobDependency, JobSpec } from '@optimus/domain';
import { stringify } from 'yaml';
import { formatDuration } from './duration.ts';
import { ASSETS_FOLDER_NAME, JOB_FILE_NAME } from './find-job-folders.ts';

/** Writes `job.yaml` and the assets of a job into its folder, and answers the path of the former. */
export async function writeJob(folder: string, spec: JobSpec): Promise<string> {
  const file = path.join(folder, JOB_FILE_NAME);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(spec.assets)) {
    const asset = path.join(folder, ASSETS_FOLDER_NAME, name);
    await mkdir(path.dirname(asset), { recursive: true });
    await writeFile(asset, text);
  }
  await writeFile(file, formatJob(spec), { flag: 'wx' });
  return file;
}

/** The text of a `job.yaml`; assets are files of their own. */
export function formatJob(spec: JobSpec): string {
  return stringify(toJobDocument(spec), { lineWidth: 0 });
}

/** The plain form of a `job.yaml`, its keys in the order in which people read them. */
export function toJobDocument(spec: JobSpec): Readonly<Record<string, unknown>> {
  const { schedule, task, metadata } = spec;
  return {
    version: spec.version,
    name: spec.name,
    owner: spec.owner,
    ...(spec.description === '' ? {} : { description: spec.description }),
    schedule: {
      start_date: schedule.startDate,
      ...(schedule.endDate === undefined ? {} : { end_date: schedule.endDate }),
      interval: schedule.interval,
    },
    behavior: toBehaviorDocument(spec.behavior),
    task: {
      name: task.name,
      config: toConfigDocument(task.config),
      window: { size: task.window.size, offset: task.window.offset, truncate_to: task.window.truncateTo },
    },
    labels: spec.labels,
    dependencies: spec.dependencies.map(toDependencyDocument),
    hooks: spec.hooks.map(({ name, config }) => ({ name, config: toConfigDocument(config) })),
    ...(metadata.resource || metadata.airflow ? { metadata } : {}),
  };
}

function toBehaviorDocument({ dependsOnPast, catchUp, retry, notify }: JobSpec['behavior']) {
  const isRetrying = retry.count > 0 || retry.delayMs > 0 || retry.exponentialBackoff;
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
    ...(notify.length > 0 && { notify }),
  };
}

function toDependencyDocument({ type, name, http }: JobDependency) {
  return http ? { http } : { job: name, type };
}

function toConfigDocument(config: readonly ConfigItem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(config.map(({ name, value }) => [name, value]));
}
