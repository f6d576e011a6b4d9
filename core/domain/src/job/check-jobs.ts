import { toSuggestion } from '../error/nearest-name.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { OtherServers } from '../ports/other-servers.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import { getProject } from '../project/register-project.ts';
import { usePresets } from '../run/job-window.ts';
import { findHookProblems, type HookPlugins } from '../run/plan-instances.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { findJobSpecProblems } from './find-job-spec-problems.ts';
import type { InferResources } from './infer-resources.ts';
import type { JobDigest } from './job.ts';
import type { JobSpec } from './job-spec.ts';
import type { FindTemplateProblems, JobSpecProblem, RefusedJob } from './job-spec-problem.ts';
import type { FindMissingValues } from './job-warning.ts';

/** What deploying needs of the world. */
export interface DeployDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
  readonly plugins: PluginCatalog;
  readonly others: Pick<OtherServers, 'names'>;
  readonly computeWindow: ComputeWindow;
  readonly findTemplateProblems: FindTemplateProblems;
  readonly findMissingValues: FindMissingValues;
  readonly inferResources: InferResources;
  /** The time by the database: servers' clocks need not agree. */
  readonly now: () => Date | Promise<Date>;
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
  const message = `${JSON.stringify(task.name)} is no task plugin of the server (${installed})${toSuggestion(task.name, taskNames)}`;
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
