import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findLocalJob, readRepository } from '../../repository/local-repository.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job run`: once, now, outside its schedule; the job must be deployed as it stands in this folder. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, terminal } = invocation;
  const [jobName = ''] = args;
  const { namespace, spec } = findLocalJob(await readRepository(invocation), jobName);
  await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, ({ client, project }) =>
    client.write(core.JobRunService.method.runJob, {
      projectName: project,
      namespaceName: namespace.name,
      specifications: [toSpecMessage(spec)],
    }),
  );
  terminal.print(`job ${jobName} is started; see its log with: optimus job logs ${jobName} --follow`);
}
