import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { isForSelected, listSelected } from '../../selection/chosen-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS, SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const { bulkDeleteJobs, deleteJobSpecification, getJobSpecifications } = core.JobSpecificationService.method;

/** `optimus job delete`: one job, or in one change all that `--select` means: of those, jobs may need each other. */
export function run(invocation: Invocation): Promise<void> {
  return isForSelected(invocation) ? deleteSelected(invocation) : deleteOne(invocation);
}

async function deleteOne(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  await confirm(invocation, `Are you sure you want to delete ${jobName}?`);
  await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const { namespace } = await getDeployedJob(session, jobName);
    await session.client.write(deleteJobSpecification, {
      projectName: session.project,
      namespaceName: namespace,
      jobName,
      force: flags.isSet('force'),
    });
  });
  terminal.print(`job ${jobName} is deleted`);
}

async function confirm({ flags, terminal }: Invocation, message: string): Promise<void> {
  const isGiven = flags.isSet('confirm') || flags.isSet('yes');
  if (await new Prompter(terminal).confirm({ flag: 'confirm', message }, isGiven)) return;
  throw new OptimusError('CANCELLED', { message: 'nothing is deleted' });
}

async function deleteSelected(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  await withProject(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, async (session) => {
    const names = await listSelected(invocation, session, 'deployed');
    await confirm(invocation, `Are you sure you want to delete ${names.length} jobs: ${names.join(', ')}?`);
    const { resultsByJobName } = await session.client.write(bulkDeleteJobs, {
      projectName: session.project,
      jobs: await locate(session, new Set(names)),
      force: flags.isSet('force'),
    });
    const refused = names.filter((name) => !resultsByJobName[name]?.success);
    for (const name of refused)
      terminal.note(`${name}: ${resultsByJobName[name]?.message ?? 'is not deleted'}`);
    if (refused.length === 0) for (const name of names) terminal.print(`job ${name} is deleted`);
    else
      throw new OptimusError('JOB_NEEDED', {
        message: `${refused.length} of ${names.length} jobs are needed; nothing is deleted`,
      });
  });
}

async function locate({ client, project }: ProjectSession, names: ReadonlySet<string>) {
  const request = { projectName: project, ignoreAssets: true };
  const { jobSpecificationResponses } = await client.read(getJobSpecifications, request);
  return jobSpecificationResponses
    .map(({ namespaceName, job }) => ({ namespaceName, jobName: job?.name ?? '' }))
    .filter(({ jobName }) => names.has(jobName));
}
