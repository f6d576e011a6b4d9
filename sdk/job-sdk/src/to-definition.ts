import type { HookSpec, JobDependency, JobSpec } from '@optimus/domain';
import { formatDuration } from '@optimus/spec';
import type {
  BehaviorDefinition,
  DependencyDefinition,
  HookDefinition,
  JobDefinition,
  OperatorDefinition,
} from './job-definition.ts';

/** The definition that means a specification, which is a checked one: its texts have the forms that the types name. */
export function toDefinition(spec: JobSpec): JobDefinition {
  const { version, name, owner, description, labels, schedule, hooks, dependencies, metadata } = spec;
  const definition = {
    version,
    name,
    owner,
    ...(description === '' ? {} : { description }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    schedule,
    behavior: toBehavior(spec.behavior),
    task: { ...toOperator(spec.task), ...toWindow(spec) },
    ...(hooks.length > 0 ? { hooks: hooks.map(toHook) } : {}),
    ...(dependencies.length > 0 ? { dependencies: dependencies.map(toDependency) } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
  return definition as JobDefinition;
}

function toBehavior(behavior: JobSpec['behavior']): BehaviorDefinition {
  const { retry, notify, webhooks, attemptTimeoutMs, runTimeoutMs, ...flags } = behavior;
  const { count, delayMs, exponentialBackoff } = retry;
  const delay = toPause(delayMs);
  return {
    ...flags,
    ...(count > 0 || delayMs > 0 || exponentialBackoff
      ? { retry: { count, delay, exponentialBackoff } }
      : {}),
    ...(notify.length > 0 ? { notify } : {}),
    ...(webhooks ? { webhooks } : {}),
    ...(attemptTimeoutMs === undefined ? {} : { attemptTimeout: toPause(attemptTimeoutMs) }),
    ...(runTimeoutMs === undefined ? {} : { runTimeout: toPause(runTimeoutMs) }),
  };
}

function toPause(ms: number) {
  return formatDuration(ms) as NonNullable<BehaviorDefinition['attemptTimeout']>;
}

function toOperator({ name, config, version, alert }: HookSpec): OperatorDefinition {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    config: Object.fromEntries(config.map((item) => [item.name, item.value])),
    ...(alert && { alert }),
  };
}

function toHook({ when, ...operator }: HookSpec): HookDefinition {
  return { ...toOperator(operator), ...(when === undefined ? {} : { when }) };
}

function toWindow({ version, task: { window } }: JobSpec) {
  const { size, offset, truncateTo, preset, ...rest } = window;
  if (version < 3) return { window: { size, offset, truncateTo } };
  if (preset !== undefined) return { window: { preset } };
  const said = { ...(size === '' ? {} : { size }), ...(truncateTo === '' ? {} : { truncateTo }), ...rest };
  return Object.keys(said).length === 0 ? {} : { window: said };
}

function toDependency({ type, name, http }: JobDependency) {
  if (http) return { http } as DependencyDefinition;
  const isUsual = type === (name.includes('/') ? 'inter' : 'intra');
  return isUsual || type === 'intra' || type === 'http' ? { job: name } : { job: name, type };
}
