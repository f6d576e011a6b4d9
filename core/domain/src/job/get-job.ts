import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import { parseProjectName } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import type { Job, JobDigest, JobKey } from './job.ts';
import { parseJobName } from './job-name.ts';

interface JobDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
}

/** The address of a job as a client names it. */
export interface JobAddress {
  readonly project: string;
  readonly job: string;
  /** When given, the job must belong to it. */
  readonly namespace?: string;
}

/** A deployed job. @throws OptimusError `JOB_NOT_FOUND` with the nearest name, `PROJECT_NOT_FOUND` */
export async function getJob(deps: Pick<JobDeps, 'projects' | 'jobs'>, address: JobAddress): Promise<Job> {
  const found = await deps.jobs.find(parseJobKey(address));
  if (found && isIn(found, address)) return found;
  throw await toJobNotFound(deps, address);
}

/** What listings need of a deployed job, without its specification. @throws OptimusError as {@link getJob} */
export async function getJobDigest(
  deps: Pick<JobDeps, 'projects' | 'jobs'>,
  address: JobAddress,
): Promise<JobDigest> {
  const found = await deps.jobs.findDigest(parseJobKey(address));
  if (found && isIn(found, address)) return found;
  throw await toJobNotFound(deps, address);
}

/** The address without its namespace. @throws OptimusError when a name cannot be one */
export function parseJobKey({ project, job }: JobAddress): JobKey {
  return { project: parseProjectName(project), job: parseJobName(job) };
}

function isIn(found: Pick<Job, 'namespace'>, { namespace }: JobAddress): boolean {
  return namespace === undefined || found.namespace === namespace;
}

/** The jobs of a namespace, sorted by name. @throws OptimusError `NAMESPACE_NOT_FOUND`, `PROJECT_NOT_FOUND` */
export async function listJobs(
  deps: JobDeps,
  request: { readonly project: string; readonly namespace: string },
): Promise<readonly Job[]> {
  const namespace = await getNamespace(deps, request.project, request.namespace);
  return deps.jobs.list({ project: namespace.project, namespace: namespace.name });
}

/** Deletes a deployed job; its history stays. @throws OptimusError `JOB_NOT_FOUND`, `JOB_NEEDED` when others wait for it and the deletion is not forced */
export async function deleteJob(
  deps: JobDeps,
  address: Required<JobAddress>,
  { author, isForced = false }: { readonly author: string; readonly isForced?: boolean },
): Promise<void> {
  const job = await getJob(deps, address);
  const { refused } = await deps.jobs.apply(
    {
      project: job.project,
      upserts: [],
      deletes: [{ namespace: job.namespace, name: job.spec.name }],
      author,
    },
    { isForced },
  );
  const [problem] = refused.flatMap(({ problems }) => problems);
  if (!problem) return;
  throw new OptimusError('JOB_NEEDED', {
    message: `the deletion of job "${job.spec.name}" ${problem.message}`,
    hint: 'change those first, or delete it all the same with --force',
    fields: { project: job.project, job: job.spec.name },
  });
}

/** The error for a job that is not deployed, with the nearest name. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function toJobNotFound(
  deps: Pick<JobDeps, 'projects' | 'jobs'>,
  { project, namespace, job }: JobAddress,
): Promise<OptimusError> {
  const { name } = await getProject(deps, project);
  const names = (await deps.jobs.listDigests(name)).map((digest): string => digest.name);
  const place =
    namespace === undefined ? `project "${project}"` : `namespace "${namespace}" of project "${project}"`;
  return new OptimusError('JOB_NOT_FOUND', {
    message: `job "${job}" is not deployed in ${place}${toSuggestion(job, names)}`,
    hint: 'deploy it with: optimus deploy',
    fields: { project, job },
  });
}
