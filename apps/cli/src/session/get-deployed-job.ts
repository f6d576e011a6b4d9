import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ProjectSession } from './server-session.ts';

/** A job as the server has it. */
export interface DeployedJob {
  readonly namespace: string;
  readonly message: core.JobSpecification;
}

/** A deployed job by its name, which is unique in the project. @throws OptimusError `JOB_NOT_FOUND` */
export async function getDeployedJob(
  { client, project }: ProjectSession,
  jobName: string,
): Promise<DeployedJob> {
  const { jobSpecificationResponses } = await client.read(
    core.JobSpecificationService.method.getJobSpecifications,
    { projectName: project, jobName },
  );
  const [found] = jobSpecificationResponses;
  if (found?.job) return { namespace: found.namespaceName, message: found.job };
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `job "${jobName}" is not deployed in project "${project}"`,
    hint: 'list the deployed jobs with: optimus job list',
    fields: { project, job: jobName },
  });
}
