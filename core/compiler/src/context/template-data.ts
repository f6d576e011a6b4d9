import type { RunContextInput } from '@optimus/domain';
import { findZone, type Zone } from '@optimus/domain/zone';
import type { TemplateMap } from '../template/template-value.ts';
import { toRfc3339 } from './to-rfc3339.ts';

/** Text by name, sorted by name. */
export type TextRecord = Readonly<Record<string, string>>;

/** The variables that every instance has, whatever its configuration: also its first environment variables. */
export function toInstanceVariables(input: RunContextInput): TextRecord {
  const { window, executionTime, destination } = input;
  const zone = findZone(window.location ?? '');
  return {
    DSTART: toRfc3339(window.start, zone),
    DEND: toRfc3339(window.end, zone),
    EXECUTION_TIME: toRfc3339(executionTime),
    ...(destination === undefined ? {} : { JOB_DESTINATION: destination }),
    ...(input.job.spec.version < 3 ? {} : toDates(input, zone)),
  };
}

/** What version 3 adds: the days of the window, in its zone, and the tick. */
function toDates({ window, scheduledAt }: RunContextInput, zone: Zone | undefined): TextRecord {
  return {
    START_DATE: toDay(toRfc3339(window.start, zone)),
    END_DATE: toDay(toRfc3339(window.end, zone)),
    SCHEDULE_TIME: toRfc3339(scheduledAt),
    SCHEDULE_DATE: toDay(toRfc3339(scheduledAt)),
  };
}

function toDay(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length);
}

/**
 * What templates of a task see: the instance variables, also as `.inst`; the project's configuration overridden by the
 * namespace's as `.proj.KEY` and `.GLOBAL__KEY`; decrypted secrets as `.secret`.
 */
export function toTaskData(input: RunContextInput): TemplateMap {
  const variables = toInstanceVariables(input);
  const config = { ...toUpperKeys(input.project.config), ...toUpperKeys(input.namespace.config) };
  return {
    ...prefixKeys('GLOBAL__', config),
    ...variables,
    inst: variables,
    proj: config,
    secret: input.secrets,
  };
}

/** What templates of a hook see besides: the task's compiled configuration as `.task.KEY` and `.TASK__KEY`. */
export function toHookData(taskData: TemplateMap, taskConfig: TextRecord): TemplateMap {
  return { ...prefixKeys('TASK__', taskConfig), ...taskData, task: taskConfig };
}

function toUpperKeys(record: TextRecord): TextRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toUpperCase(), value]));
}

function prefixKeys(prefix: string, record: TextRecord): TextRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [prefix + key, value]));
}
