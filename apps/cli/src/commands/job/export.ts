import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { findLocatedJobs } from '../../selection/find-located-jobs.ts';
import { findSelector, selectDeployed } from '../../selection/select-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { DEPLOY_TIMEOUT_MS } from '../../session/timeouts.ts';
import { fromSpecMessage } from '../../spec/job-spec-message.ts';
import { writeJob } from '../../spec/write-job.ts';

/** `optimus job export`: writes deployed jobs so that deploying the folder changes nothing: `<dir>/<namespace>/<job>/job.yaml` and assets. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const folder = flags.text('dir');
  if (folder === undefined)
    throw createUsageError('dir', 'is not given', 'name the folder that the jobs are to be written to');
  const jobs = await withProject(invocation, { timeoutMs: DEPLOY_TIMEOUT_MS }, (session) =>
    readJobs(invocation, session),
  );
  for (const { namespaceName, job } of jobs) {
    if (job) await write(path.resolve(terminal.cwd, folder, namespaceName, job.name), job);
  }
  terminal.print(`${jobs.length} ${jobs.length === 1 ? 'job is' : 'jobs are'} written to ${folder}`);
}

async function readJobs(invocation: Invocation, session: ProjectSession) {
  const { flags, terminal } = invocation;
  const { client, project } = session;
  const { jobSpecificationResponses } = await client.read(
    core.JobSpecificationService.method.getJobSpecifications,
    {
      projectName: project,
      namespaceName: flags.text('namespace-name') ?? '',
      jobName: flags.text('job-name') ?? '',
    },
  );
  const jobName = flags.text('job-name');
  if (jobName !== undefined && jobSpecificationResponses.length === 0) await getDeployedJob(session, jobName);
  const selector = findSelector(invocation);
  if (!selector) return jobSpecificationResponses;
  const local = { cwd: terminal.cwd, readJobs: () => findLocatedJobs(invocation) };
  const chosen = await selectDeployed(selector, session, local);
  return jobSpecificationResponses.filter(({ job }) => chosen.has(job?.name ?? ''));
}

async function write(folder: string, message: core.JobSpecification): Promise<void> {
  try {
    await writeJob(folder, fromSpecMessage(message));
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    throw new OptimusError('JOB_EXISTS', {
      message: `${path.join(folder, 'job.yaml')} exists and is left as it is`,
      hint: 'export into an empty folder',
      fields: { job: message.name },
    });
  }
}
