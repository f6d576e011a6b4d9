import { OptimusError } from '../error/optimus-error.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import { changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';
import type { RefusedJob } from './job-spec-problem.ts';

/** The jobs of one namespace as a client has them. */
export interface DeployRequest {
  readonly project: string;
  readonly namespace: string;
  readonly jobs: readonly JobSpec[];
  /** True: these are all jobs of the namespace, others are deleted. False: the others stay. */
  readonly isComplete: boolean;
  readonly author: string;
}

/** What a deployment changed. When any job is refused, nothing is. */
export interface DeployResult {
  readonly created: readonly JobName[];
  readonly changed: readonly JobName[];
  readonly unchanged: readonly JobName[];
  readonly deleted: readonly JobName[];
  readonly refused: readonly RefusedJob[];
}

/**
 * Makes a namespace's stored jobs equal to the given ones: all or nothing. Only jobs whose content changed are stored; a job is
 * deleted only because it is not among the given ones, never because it is wrong.
 * @throws OptimusError `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND`
 */
export async function deployJobs(deps: DeployDeps, request: DeployRequest): Promise<DeployResult> {
  const namespace = await getNamespace(deps, request.project, request.namespace);
  const result = await changeJobs(deps, {
    project: request.project,
    author: request.author,
    upserts: request.jobs.map((spec) => ({ namespace: request.namespace, spec })),
    deletes: request.isComplete ? await findAbsent(deps, namespace, request.jobs) : [],
  });
  const { unchanged, refused } = result;
  if (refused.length > 0) return { created: [], changed: [], unchanged, deleted: [], refused };
  const { created, changed, deleted } = result;
  return { created, changed, unchanged, deleted, refused };
}

/** The stored jobs of a namespace that are not among the given ones. */
async function findAbsent(deps: DeployDeps, namespace: Namespace, jobs: readonly JobSpec[]) {
  const names = new Set(jobs.map(({ name }) => name));
  const digests = await deps.jobs.listDigests(namespace.project);
  return digests.filter((digest) => digest.namespace === namespace.name && !names.has(digest.name));
}

/** Deploys one job and throws when it is refused. @throws OptimusError `SPEC_INVALID` */
export async function saveJob(
  deps: DeployDeps,
  request: Omit<DeployRequest, 'isComplete' | 'jobs'> & { readonly job: JobSpec },
): Promise<void> {
  const { job, ...rest } = request;
  const { refused } = await deployJobs(deps, { ...rest, jobs: [job], isComplete: false });
  if (refused.length > 0) throw toRefusal(refused);
}

/** The error for refused jobs: one line a problem. */
export function toRefusal(refused: readonly RefusedJob[]): OptimusError {
  const lines = refused.flatMap(({ name, problems }) =>
    problems.map(({ path, message }) => `${name}: ${path} ${message}`),
  );
  return new OptimusError('SPEC_INVALID', {
    message: lines.join('\n'),
    fields: { jobs: refused.map(({ name }) => name).join(', ') },
  });
}
