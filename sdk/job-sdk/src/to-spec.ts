import {
  type HookSpec,
  type JobDependency,
  type JobSpec,
  OptimusError,
  parseJobName,
  type WindowSpec,
} from '@optimus/domain';
import { parseDurationMs } from '@optimus/spec';
import type {
  BehaviorDefinition,
  ClassicWindow,
  DependencyDefinition,
  HookDefinition,
  JobDefinition,
  OperatorDefinition,
} from './job-definition.ts';

/** The specification that a definition means. @throws OptimusError `NAME_INVALID`, `SPEC_INVALID` */
export function toSpec(definition: JobDefinition): JobSpec {
  const { schedule } = definition;
  return {
    version: definition.version,
    name: parseJobName(definition.name),
    owner: definition.owner,
    description: definition.description ?? '',
    labels: definition.labels ?? {},
    schedule: { ...schedule, interval: schedule.interval ?? '' },
    behavior: toBehavior(definition.behavior ?? {}),
    task: { ...toOperator(definition.task), window: toWindow(definition) },
    hooks: (definition.hooks ?? []).map(toHook),
    dependencies: (definition.dependencies ?? []).map(toDependency),
    metadata: definition.metadata ?? {},
    assets: {},
  };
}

function toBehavior({ retry, notify, webhooks, ...flags }: BehaviorDefinition): JobSpec['behavior'] {
  return {
    dependsOnPast: flags.dependsOnPast ?? false,
    catchUp: flags.catchUp ?? false,
    retry: {
      count: retry?.count ?? 0,
      delayMs: toMs('retry.delay', retry?.delay ?? '0'),
      exponentialBackoff: retry?.exponentialBackoff ?? false,
    },
    notify: notify ?? [],
    ...(webhooks && webhooks.length > 0 ? { webhooks } : {}),
    ...(flags.maxActiveRuns ? { maxActiveRuns: flags.maxActiveRuns } : {}),
    ...(flags.overlap && flags.overlap !== 'allow' ? { overlap: flags.overlap } : {}),
    ...(flags.attemptTimeout ? { attemptTimeoutMs: toMs('attempt_timeout', flags.attemptTimeout) } : {}),
    ...(flags.runTimeout ? { runTimeoutMs: toMs('run_timeout', flags.runTimeout) } : {}),
  };
}

function toMs(path: string, duration: string): number {
  const ms = parseDurationMs(duration);
  if (ms !== undefined) return ms;
  const message = `behavior.${path} is ${JSON.stringify(duration)}, must be a duration such as 5m or 1h30m`;
  throw new OptimusError('SPEC_INVALID', { message });
}

function toOperator({ name, version, config = {}, alert }: OperatorDefinition): HookSpec {
  return {
    name,
    config: Object.entries(config).map(([key, value]) => ({ name: key, value: String(value) })),
    ...(version === undefined ? {} : { version }),
    ...(alert && { alert }),
  };
}

function toHook({ when, ...operator }: HookDefinition): HookSpec {
  return { ...toOperator(operator), ...(when ? { when } : {}) };
}

function toWindow(definition: JobDefinition): WindowSpec {
  if (definition.version !== 3) return toClassicWindow(definition.task.window);
  const { window } = definition.task;
  if (!window) return { size: '', offset: '', truncateTo: '' };
  if ('preset' in window) return { size: '', offset: '', truncateTo: '', preset: window.preset };
  const { size = '', truncateTo = '', ...rest } = window;
  return { size, offset: '', truncateTo, ...rest };
}

function toClassicWindow({ size = '24h', offset = '0', truncateTo = 'd' }: ClassicWindow = {}): WindowSpec {
  return { size, offset, truncateTo };
}

function toDependency(dependency: DependencyDefinition): JobDependency {
  if ('http' in dependency) {
    const { headers = {}, params = {}, ...endpoint } = dependency.http;
    return { type: 'http', name: '', http: { ...endpoint, params, headers } };
  }
  const usual = dependency.job.includes('/') ? 'inter' : 'intra';
  return { type: dependency.type ?? usual, name: dependency.job };
}
