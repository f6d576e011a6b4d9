import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Invocation } from '../command-line/command-spec.ts';
import { createUsageError } from '../command-line/usage-error.ts';
import { readInstanceType } from './instance-type.ts';

/** The instance whose context is asked for, from `--scheduled-at`, `--type` and `--name`. @throws a usage error */
export function readInstanceRequest({ args, flags }: Invocation) {
  const [jobName = ''] = args;
  const scheduledAt = flags.instant('scheduled-at');
  const instanceName = flags.text('name');
  if (scheduledAt === undefined) {
    throw createUsageError(
      'scheduled-at',
      'is not given',
      'name the run: --scheduled-at 2022-09-19T02:00:00Z',
    );
  }
  if (instanceName === undefined) {
    throw createUsageError('name', 'is not given', 'name the task or hook: --name neo');
  }
  const instanceType = readInstanceType(flags);
  return { jobName, scheduledAt: timestampFromDate(scheduledAt), instanceName, instanceType };
}
