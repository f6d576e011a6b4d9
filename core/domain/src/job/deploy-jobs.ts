import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobChangeSet, JobStore, JobUpsert } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import { getProject } from '../project/register-project.ts';
import { usePresets } from '../run/job-window.ts';
import { findHookProblems, type HookPlugins, planInstances } from '../run/plan-instances.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { planFirstTick } from '../schedule/plan-runs.ts';
import { findJobSpecProblems } from './find-job-spec-problems.ts';
import type { JobDigest } from './job.ts';
import { toJobContentHash } from './job-content-hash.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';
import type { FindTemplateProblems, JobSpecProblem } from './job-spec-problem.ts';

/** What deploying needs of the world. */
export interface DeployDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly findTemplateProblems: FindTemplateProblems;
  /** The time by the database: servers' clocks need not agree. */
  readonly now: () => Date | Promise<Date>;
}

/** The jobs of one namespace as a client has them. */
export interface DeployRequest {
  readonly project: string;
  readonly namespace: string;
  readonly jobs: readonly JobSpec[];
  /** True: these are all jobs of the namespace, others are deleted. False: the others stay. */
  readonly isComplete: boolean;
  readonly author: string;
}

/** A job that was refused, and why. */
export interface RefusedJob {
  readonly name: string;
  readonly problems: readonly JobSpecProblem[];
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
  const digests = await deps.jobs.listDigests(namespace.project);
  const refused = await checkJobs(deps, request.jobs, { namespace, digests });
  const plan = planDeployment(request, namespace, digests);
  if (refused.length > 0)
    return { created: [], changed: [], unchanged: plan.unchanged, deleted: [], refused };
  await applyPlan(deps, plan, { namespace, author: request.author });
  const { created, changed, unchanged, deleted } = plan;
  return { created: created.map(toName), changed: changed.map(toName), unchanged, deleted, refused };
}

/** Everything wrong with the jobs, without storing anything. */
export async function checkJobs(
  deps: DeployDeps,
  jobs: readonly JobSpec[],
  known: { readonly namespace: Namespace; readonly digests: readonly JobDigest[] },
): Promise<readonly RefusedJob[]> {
  const [plugins, project] = await Promise.all([
    listPlugins(deps.plugins),
    getProject(deps, known.namespace.project),
  ]);
  const computeWindow = usePresets(deps.computeWindow, project);
  const owners = new Map(known.digests.map((digest): [string, string] => [digest.name, digest.namespace]));
  const counts = Map.groupBy(jobs, (spec): string => spec.name);
  return jobs
    .map((spec) => ({
      name: spec.name,
      problems: [
        ...findJobSpecProblems(spec, computeWindow),
        ...deps.findTemplateProblems(spec),
        ...findTaskNameProblem(spec, plugins.taskNames),
        ...findHookProblems(spec, plugins.hooks),
        ...findOwnerProblem(spec, owners.get(spec.name), known.namespace),
        ...((counts.get(spec.name)?.length ?? 0) > 1
          ? [{ path: 'name', message: `"${spec.name}" is used by more than one job` }]
          : []),
      ],
    }))
    .filter(({ problems }) => problems.length > 0);
}

interface InstalledPlugins {
  readonly taskNames: readonly string[];
  readonly hooks: HookPlugins;
}

async function listPlugins(plugins: PluginCatalog): Promise<InstalledPlugins> {
  const infos = (await plugins.list()).flatMap((entry) => (entry.state === 'ready' ? [entry.info] : []));
  return {
    taskNames: infos.filter(({ kind }) => kind === 'task').map(({ name }) => name),
    hooks: new Map(infos.filter(({ kind }) => kind === 'hook').map((info) => [info.name, info])),
  };
}

function findTaskNameProblem({ task }: JobSpec, taskNames: readonly string[]): JobSpecProblem[] {
  if (task.name === '' || taskNames.includes(task.name)) return [];
  const installed = taskNames.length === 0 ? 'none is installed' : `installed: ${taskNames.join(', ')}`;
  const message = `no task plugin "${task.name}" on the server (${installed})${toSuggestion(task.name, taskNames)}`;
  return [{ path: 'task.name', message }];
}

function findOwnerProblem(spec: JobSpec, owner: string | undefined, namespace: Namespace): JobSpecProblem[] {
  if (owner === undefined || owner === namespace.name) return [];
  return [
    {
      path: 'name',
      message: `"${spec.name}" is already a job of namespace "${owner}"; names are unique in a project`,
    },
  ];
}

interface DeploymentPlan {
  readonly created: readonly PlannedJob[];
  readonly changed: readonly PlannedJob[];
  readonly unchanged: readonly JobName[];
  readonly deleted: readonly JobName[];
}

interface PlannedJob {
  readonly spec: JobSpec;
  readonly contentHash: string;
  readonly stored: JobDigest | undefined;
}

function planDeployment(
  request: DeployRequest,
  namespace: Namespace,
  digests: readonly JobDigest[],
): DeploymentPlan {
  const own = new Map(
    digests.filter((digest) => digest.namespace === namespace.name).map((digest) => [digest.name, digest]),
  );
  const wanted = request.jobs.map((spec) => ({
    spec,
    contentHash: toJobContentHash(spec),
    stored: own.get(spec.name),
  }));
  const names = new Set(wanted.map(toName));
  return {
    created: wanted.filter((job) => !job.stored),
    changed: wanted.filter((job) => job.stored && job.stored.contentHash !== job.contentHash),
    unchanged: wanted.filter((job) => job.stored?.contentHash === job.contentHash).map(toName),
    deleted: request.isComplete ? [...own.keys()].filter((name) => !names.has(name)) : [],
  };
}

async function applyPlan(
  deps: DeployDeps,
  plan: DeploymentPlan,
  { namespace, author }: { readonly namespace: Namespace; readonly author: string },
): Promise<void> {
  const now = await deps.now();
  const { hooks } = await listPlugins(deps.plugins);
  const upserts = [...plan.created, ...plan.changed].map((job) => toUpsert(job, { now, hooks }));
  if (upserts.length === 0 && plan.deleted.length === 0) return;
  const change: JobChangeSet = {
    project: namespace.project,
    namespace: namespace.name,
    upserts,
    deletes: plan.deleted,
    author,
  };
  await deps.jobs.apply(change);
}

function toUpsert(
  { spec, contentHash, stored }: PlannedJob,
  { now, hooks }: { readonly now: Date; readonly hooks: HookPlugins },
): JobUpsert {
  const input = { schedule: spec.schedule, catchUp: spec.behavior.catchUp };
  const nextScheduledAt = planFirstTick(input, now, stored?.lastScheduledAt);
  return { spec, contentHash, instances: planInstances(spec, hooks), nextScheduledAt };
}

function toName(job: PlannedJob): JobName {
  return job.spec.name;
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
