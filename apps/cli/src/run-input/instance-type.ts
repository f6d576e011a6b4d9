import { core } from '@optimus/proto';
import type { Flags } from '../command-line/flags.ts';
import { createUsageError } from '../command-line/usage-error.ts';

const TYPES: Readonly<Record<string, core.InstanceSpec_Type>> = {
  task: core.InstanceSpec_Type.TASK,
  hook: core.InstanceSpec_Type.HOOK,
};

/** The type of `--type`, in either case and with or without `TYPE_`; a task when it is not given. @throws a usage error */
export function readInstanceType(flags: Flags): core.InstanceSpec_Type {
  const given = flags.text('type') ?? 'task';
  const type = TYPES[given.toLowerCase().replace(/^type_/, '')];
  if (type !== undefined) return type;
  throw createUsageError('type', `is ${JSON.stringify(given)}, must be task or hook`);
}
