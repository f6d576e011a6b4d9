import type { JobSpec } from '@optimus/domain';

/**
 * The path in a `job.yaml` of a field as problems name it. Names of configuration entries and of assets may hold dots and are one step;
 * task, hooks and endpoints are named by their names.
 */
export function toFieldPath(field: string, spec: JobSpec): readonly PropertyKey[] {
  const [, owner = '', name = ''] = /^(.*\bconfig|assets)\.(.+)$/.exec(field) ?? [];
  return owner === '' ? toSteps(field, spec) : [...toSteps(owner, spec), name];
}

/** The longest name that fits is meant: a hook's may begin with that of another. */
function toSteps(field: string, spec: JobSpec): readonly PropertyKey[] {
  const fitting = listNamed(spec).filter(({ name }) => field === name || field.startsWith(`${name}.`));
  const [nearest] = fitting.toSorted((a, b) => b.name.length - a.name.length);
  if (!nearest) return field.split('.');
  const rest = field.slice(nearest.name.length + 1);
  return [...nearest.path, ...(rest === '' ? [] : rest.split('.'))];
}

interface NamedPart {
  readonly name: string;
  readonly path: readonly PropertyKey[];
}

function listNamed({ task, hooks, dependencies }: JobSpec): readonly NamedPart[] {
  return [
    { name: `${task.name}.config`, path: ['task', 'config'] },
    ...hooks.flatMap(({ name }, index) => [
      { name: `hooks.${name}`, path: ['hooks', index] },
      { name: `${name}.config`, path: ['hooks', index, 'config'] },
      { name: `${name}.when`, path: ['hooks', index, 'when'] },
    ]),
    ...dependencies.flatMap(({ http }, index) =>
      http ? [{ name: `dependencies.http.${http.name}`, path: ['dependencies', index, 'http'] }] : [],
    ),
  ];
}
