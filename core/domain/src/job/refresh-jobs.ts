import { getNamespace } from '../namespace/register-namespace.ts';
import { getProject } from '../project/register-project.ts';
import { planFirstTick } from '../schedule/plan-runs.ts';
import type { DeployDeps } from './check-jobs.ts';
import { toJobNotFound } from './get-job.ts';
import type { Job } from './job.ts';
import type { JobEdge } from './job-edge.ts';
import type { RefusedJob } from './job-spec-problem.ts';

/** Which deployed jobs to resolve anew: both lists empty mean all of the project. */
export interface RefreshRequest {
  readonly project: string;
  readonly namespaces: readonly string[];
  readonly jobs: readonly string[];
  readonly author: string;
}

/** What resolving anew changed. */
export interface RefreshResult {
  /** Every job that was looked at, by name. */
  readonly jobs: readonly Job[];
  /** Jobs whose plugin cannot tell what they read now; their edges are as they were. */
  readonly refused: readonly RefusedJob[];
  readonly gained: readonly JobEdge[];
  readonly lost: readonly JobEdge[];
}

/**
 * Asks anew what deployed jobs read and write, and resolves their edges: for when a plugin changed, or what a project configures.
 * No job gets a new version.
 * @throws OptimusError `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND`, `JOB_NOT_FOUND`, `DEPENDENCY_CYCLE`
 */
export async function refreshJobs(deps: DeployDeps, request: RefreshRequest): Promise<RefreshResult> {
  const { name: project } = await getProject(deps, request.project);
  const jobs = await findJobs(deps, request);
  const now = await deps.now();
  const digests = await deps.jobs.listDigests(
    project,
    jobs.map(({ spec }) => spec.name),
  );
  const lastTicks = new Map(digests.map(({ name, lastScheduledAt }) => [name, lastScheduledAt]));
  const refused: RefusedJob[] = [];
  const upserts = [];
  for (const { namespace: namespaceName, spec, contentHash } of jobs) {
    const namespace = await getNamespace(deps, project, namespaceName);
    const { problems, unknown: _, ...resources } = await deps.inferResources({ namespace, spec });
    if (problems.length > 0) refused.push({ name: spec.name, problems });
    const input = { schedule: spec.schedule, catchUp: spec.behavior.catchUp };
    const nextScheduledAt = planFirstTick(input, now, lastTicks.get(spec.name));
    if (problems.length === 0)
      upserts.push({ namespace: namespaceName, spec, contentHash, resources, nextScheduledAt });
  }
  const basis = new Map(jobs.map(({ spec, contentHash }) => [spec.name, contentHash]));
  const change = { project, upserts, deletes: [], author: request.author, basis };
  const outcome = await deps.jobs.apply(change);
  return { ...outcome, jobs, refused: [...refused, ...outcome.refused] };
}

async function findJobs(deps: DeployDeps, request: RefreshRequest): Promise<readonly Job[]> {
  const { name: project } = await getProject(deps, request.project);
  for (const namespace of request.namespaces) await getNamespace(deps, project, namespace);
  const all = await deps.jobs.list({ project });
  const deployed = new Set<string>(all.map(({ spec }) => spec.name));
  const missing = request.jobs.find((name) => !deployed.has(name));
  if (missing !== undefined) throw await toJobNotFound(deps, { project, job: missing });
  const [namespaces, names] = [new Set(request.namespaces), new Set(request.jobs)];
  return all.filter(
    ({ namespace, spec }) =>
      (namespaces.size === 0 || namespaces.has(namespace)) && (names.size === 0 || names.has(spec.name)),
  );
}
