import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import { getProject } from '../project/register-project.ts';
import { usePresets } from '../run/job-window.ts';
import { findHookProblems, type HookPlugins } from '../run/plan-instances.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { changeJobs, type InferResources } from './change-jobs.ts';
import { findJobSpecProblems } from './find-job-spec-problems.ts';
import type { JobDigest } from './job.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';
import type { FindTemplateProblems, JobSpecProblem, RefusedJob } from './job-spec-problem.ts';

/** What deploying needs of the world. */
export interface DeployDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly findTemplateProblems: FindTemplateProblems;
  readonly inferResources: InferResources;
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

/** What jobs may name. */
export interface InstalledPlugins {
  readonly taskNames: readonly string[];
  readonly hooks: HookPlugins;
}

/** The plugins that jobs may name. */
export async function listPlugins(plugins: PluginCatalog): Promise<InstalledPlugins> {
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
