import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job rollback`: a new version that is equal to an old one. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const number = flags.count('to', 1);
  if (number === undefined)
    throw createUsageError('to', 'is not given', `see the versions with: optimus job history ${jobName}`);
  const { message } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.write(core.JobSpecificationService.method.rollbackJob, { projectName: project, jobName, number }),
  );
  terminal.print(message);
  terminal.note(
    'the next deployment makes it what its folder says again: to keep this, have the file say so',
  );
}
