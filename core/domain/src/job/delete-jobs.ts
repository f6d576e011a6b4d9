import { getProject } from '../project/register-project.ts';
import { changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import type { RefusedJob } from './job-spec-problem.ts';

/** Deployed jobs to delete together. */
export interface DeleteJobsRequest {
  readonly project: string;
  readonly jobs: ReadonlyArray<{ readonly namespace: string; readonly name: string }>;
  readonly author: string;
  /** Delete jobs that others need. */
  readonly isForced?: boolean;
  /** Find out what would be refused, and delete nothing. */
  readonly isDryRun?: boolean;
}

/**
 * Deletes jobs, all of them or none; a job may be needed by others that are deleted with it. Answers those that are needed
 * elsewhere: nothing is deleted then.
 * @throws OptimusError `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND`, `JOB_NOT_FOUND`
 */
export async function deleteJobs(
  deps: DeployDeps,
  { project, jobs, ...options }: DeleteJobsRequest,
): Promise<readonly RefusedJob[]> {
  const { name } = await getProject(deps, project);
  const { refused } = await changeJobs(deps, { project: name, upserts: [], deletes: jobs, ...options });
  return refused;
}
