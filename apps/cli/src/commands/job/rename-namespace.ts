import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job rename-namespace`: moves a deployed job; its files are the author's to move. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const newNamespaceName = flags.text('new-namespace');
  if (newNamespaceName === undefined)
    throw createUsageError('new-namespace', 'is not given', 'name the namespace that the job is to move to');
  const { message } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const namespaceName = flags.text('old-namespace') ?? (await getDeployedJob(session, jobName)).namespace;
    return session.client.write(core.JobSpecificationService.method.changeJobNamespace, {
      projectName: session.project,
      namespaceName,
      newNamespaceName,
      jobName,
    });
  });
  terminal.print(message);
  terminal.note('move its folder too: the next deployment takes the job where its file is');
}
