import { toSuggestion } from '../error/nearest-name.ts';
import type { JobSpec } from '../job/job-spec.ts';
import type { JobSpecProblem } from '../job/job-spec-problem.ts';
import type { PluginInfo } from '../plugin/plugin.ts';
import type { InstanceRole, PlannedInstance } from './run.ts';

/** The parts of a specification that become instances. */
export type InstancedSpec = Pick<JobSpec, 'task' | 'hooks'>;

/** What hook plugins say of themselves, by name. */
export type HookPlugins = ReadonlyMap<string, Pick<PluginInfo, 'hookType' | 'dependsOn'>>;

/** A hook of a job with what its plugin says of it. */
interface KnownHook {
  readonly name: string;
  readonly role: Exclude<InstanceRole, 'task'>;
  /** Hooks of the same job. */
  readonly dependsOn: readonly string[];
}

/**
 * The instances of every run of a job, in the order they run: pre hooks, the task, post hooks, fail hooks. Hooks of one kind run
 * side by side unless one depends on another. Pure. The specification has no {@link findHookProblems}.
 */
export function planInstances(
  { task, hooks }: InstancedSpec,
  plugins: HookPlugins,
): readonly PlannedInstance[] {
  const known = toKnownHooks(hooks, plugins);
  const planned: PlannedInstance[] = [];
  for (const role of ['pre', 'task', 'post', 'fail'] as const) {
    const begin = planned.reduce((next, { position }) => Math.max(next, position + 1), 0);
    if (role === 'task') planned.push({ type: 'task', name: task.name, role, position: begin });
    else planned.push(...planRole(known, role, begin));
  }
  return planned;
}

/** Why hooks cannot run: not installed, given twice, or in an order that cannot be kept. Pure. */
export function findHookProblems({ hooks }: InstancedSpec, plugins: HookPlugins): readonly JobSpecProblem[] {
  const known = toKnownHooks(hooks, plugins);
  const names = hooks.map(({ name }) => name);
  return [
    ...hooks.flatMap(({ name, config }, index) => [
      ...findNameProblem(name, plugins),
      ...(names.indexOf(name) < index ? [{ path: `hooks.${name}`, message: 'is given twice' }] : []),
      ...findRepeatedKeys(name, config),
    ]),
    ...known.flatMap((hook) => findOrderProblem(hook, known)),
  ];
}

function toKnownHooks(hooks: InstancedSpec['hooks'], plugins: HookPlugins): readonly KnownHook[] {
  const names = new Set(hooks.map(({ name }) => name));
  return hooks.map(({ name }) => {
    const { hookType, dependsOn = [] } = plugins.get(name) ?? {};
    // A plugin that does not say when it runs belongs after the task, as all hooks of later versions do.
    return { name, role: hookType ?? 'post', dependsOn: dependsOn.filter((other) => names.has(other)) };
  });
}

function planRole(
  hooks: readonly KnownHook[],
  role: KnownHook['role'],
  begin: number,
): readonly PlannedInstance[] {
  const own = hooks.filter((hook) => hook.role === role);
  return own
    .map(
      ({ name }): PlannedInstance => ({ type: 'hook', name, role, position: begin + levelOf(name, own, []) }),
    )
    .sort((a, b) => a.position - b.position);
}

/** The longest way to the hook through those that it depends on; hooks on the way are not entered again. */
function levelOf(name: string, hooks: readonly KnownHook[], way: readonly string[]): number {
  const before = hooks.find((hook) => hook.name === name)?.dependsOn ?? [];
  const entered = [...way, name];
  return before
    .filter((other) => !entered.includes(other) && hooks.some((hook) => hook.name === other))
    .reduce((level, other) => Math.max(level, levelOf(other, hooks, entered) + 1), 0);
}

function findNameProblem(name: string, plugins: HookPlugins): JobSpecProblem[] {
  if (plugins.has(name)) return [];
  const names = [...plugins.keys()];
  const installed = names.length === 0 ? 'none is installed' : `installed: ${names.join(', ')}`;
  const message = `is no hook plugin of the server (${installed})${toSuggestion(name, names)}`;
  return [{ path: `hooks.${name}`, message }];
}

function findRepeatedKeys(hook: string, config: InstancedSpec['hooks'][number]['config']): JobSpecProblem[] {
  const keys = config.map(({ name }) => name);
  return keys
    .filter((key, index) => keys.indexOf(key) < index)
    .map((key) => ({ path: `hooks.${hook}.config.${key}`, message: 'is given twice' }));
}

const ORDER: readonly InstanceRole[] = ['pre', 'task', 'post', 'fail'];

function findOrderProblem(hook: KnownHook, hooks: readonly KnownHook[]): JobSpecProblem[] {
  const path = `hooks.${hook.name}`;
  const later = hooks.find(
    ({ name, role }) => hook.dependsOn.includes(name) && ORDER.indexOf(role) > ORDER.indexOf(hook.role),
  );
  if (later) {
    const message = `depends on "${later.name}" and runs before it: one is a ${hook.role} hook, the other a ${later.role} hook`;
    return [{ path, message }];
  }
  if (!reaches(hook.name, hook.name, hooks, new Set())) return [];
  return [{ path, message: 'depends on itself through other hooks; correct depends_on of the plugins' }];
}

function reaches(from: string, to: string, hooks: readonly KnownHook[], seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const next = hooks.find(({ name }) => name === from)?.dependsOn ?? [];
  return next.some((other) => other === to || reaches(other, to, hooks, seen));
}
