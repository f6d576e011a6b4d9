import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job delete`. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const question = { flag: 'confirm', message: `Are you sure you want to delete ${jobName}?` };
  if (!(await new Prompter(terminal).confirm(question, flags.isSet('confirm')))) {
    throw new OptimusError('CANCELLED', { message: `job ${jobName} is left as it is` });
  }
  await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const { namespace } = await getDeployedJob(session, jobName);
    await session.client.write(core.JobSpecificationService.method.deleteJobSpecification, {
      projectName: session.project,
      namespaceName: namespace,
      jobName,
      force: flags.isSet('force'),
    });
  });
  terminal.print(`job ${jobName} is deleted`);
}
