import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import type { Instance } from './run.ts';

type InstanceName = Pick<Instance, 'type' | 'name'>;

/** What a hook may be called where its task has the same name. */
const HOOK = 'hook_';

/**
 * The task or hook that a client means by a name; the task where both are called the same, whose hook is then `hook_<name>`.
 * @throws OptimusError `INSTANCE_NOT_FOUND`, with those that there are
 */
export function findInstance<T extends InstanceName>(
  instances: readonly T[],
  name: string,
  { job, scheduledAt }: { readonly job: string; readonly scheduledAt: Date },
): T {
  const found =
    instances.find((one) => one.type === 'task' && one.name === name) ??
    instances.find((one) => one.name === name) ??
    instances.find((one) => one.type === 'hook' && HOOK + one.name === name);
  if (found) return found;
  const names = instances.map((one) => one.name);
  const at = formatInstant(scheduledAt);
  throw new OptimusError('INSTANCE_NOT_FOUND', {
    message: `job "${job}" at ${at}: the run has no instance "${name}"${toSuggestion(name, names)}`,
    hint: `its instances: ${names.join(', ')}`,
    fields: { job, scheduledAt: at, instance: name },
  });
}
