import { present } from '../error/invariant.ts';
import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import { findAssetClashes } from '../job/find-asset-clashes.ts';
import { findAssetNameProblem } from '../job/find-job-spec-problems.ts';
import { getJob } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import { parseJobName } from '../job/job-name.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { NamedValue } from '../plugin/plugin.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { type Project, parseProjectName } from '../project/project.ts';
import { maskError, SecretPatterns } from '../secret/masking/index.ts';
import { listSecretsFor } from '../secret/plugin-secret.ts';
import { computeJobWindow } from './job-window.ts';
import type { InstanceType, Interval, Run } from './run.ts';
import type { CompiledRunContext, CompileRunContext, ComputeWindow } from './run-context.ts';
import type { RunState } from './run-state.ts';

/** What making a context needs of the world. */
export interface RunContextDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
  readonly runs: Pick<RunStore, 'find'>;
  readonly secrets: SecretStore;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
  /** The time by the database: servers' clocks need not agree. */
  readonly now: () => Date | Promise<Date>;
}

/** The instance whose context is asked for. */
export interface RunContextRequest {
  readonly project: string;
  readonly job: string;
  readonly scheduledAt: Date;
  readonly instance: { readonly type: InstanceType; readonly name: string };
}

/** A context with the things it was made from. */
export interface MadeRunContext {
  readonly project: Project;
  readonly namespace: Namespace;
  readonly job: Job;
  readonly window: Interval;
  readonly executionTime: Date;
  /** Undefined for a tick without a run. */
  readonly runState: RunState | undefined;
  readonly context: CompiledRunContext;
  /** Values that templates could use, whether they did or not. */
  readonly visibleSecrets: readonly string[];
}

/**
 * Compiles configuration and assets of a job for one tick. A stored run gives its pinned version and its execution time; for a tick
 * without a run the deployed version and the present time are used.
 * @throws OptimusError `JOB_NOT_FOUND` unless a run of the deleted job is under way, `INSTANCE_NOT_FOUND`, `TEMPLATE_*`, `PLUGIN_*`
 */
export async function makeRunContext(
  deps: RunContextDeps,
  request: RunContextRequest,
): Promise<MadeRunContext> {
  const pinned = await findPinnedJob(deps, request);
  assertInstanceExists(pinned.job, request.instance);
  const tenant = await findTenant(deps, pinned.job, request.instance);
  const assets = await compilePluginAssets(deps.plugins, pinned, request.scheduledAt).catch(
    (thrown: unknown) => {
      // What a plugin says of its refusal is stored with the run.
      throw maskError(thrown, new SecretPatterns(Object.values(tenant.secrets)));
    },
  );
  const context = deps.compileRunContext({
    ...tenant,
    // One by one: a caller's request may carry more, such as the name of its namespace.
    job: pinned.job,
    window: pinned.window,
    executionTime: pinned.executionTime,
    scheduledAt: request.scheduledAt,
    instance: request.instance,
    assets,
  });
  const { project, namespace, secrets } = tenant;
  return { ...pinned, project, namespace, context, visibleSecrets: Object.values(secrets) };
}

interface PinnedJob {
  readonly job: Job;
  readonly window: Interval;
  readonly executionTime: Date;
  readonly runState: RunState | undefined;
}

async function findPinnedJob(deps: RunContextDeps, request: RunContextRequest): Promise<PinnedJob> {
  const { project, job, scheduledAt } = request;
  const key = { project: parseProjectName(project), job: parseJobName(job) };
  const run = await deps.runs.find({ ...key, scheduledAt });
  // A run that is under way sees its task through, also when its job is deleted meanwhile.
  if (run?.state === 'running') return pinToRun(deps, run, await deps.jobs.find(key));
  const deployed = await getJob(deps, { project, job });
  if (run) return pinToRun(deps, run, deployed);
  const window = await computeJobWindow(deps, deployed, scheduledAt);
  return { job: deployed, window, executionTime: await deps.now(), runState: undefined };
}

async function pinToRun(deps: RunContextDeps, run: Run, deployed: Job | undefined): Promise<PinnedJob> {
  const job =
    deployed?.versionId === run.versionId
      ? deployed
      : present(await deps.jobs.findVersion(run.versionId), 'the version of a run');
  return { job, window: run.window, executionTime: run.executionTime, runState: run.state };
}

function assertInstanceExists({ spec }: Job, { type, name }: RunContextRequest['instance']): void {
  const names = type === 'task' ? [spec.task.name] : spec.hooks.map((hook) => hook.name);
  if (names.includes(name)) return;
  throw new OptimusError('INSTANCE_NOT_FOUND', {
    message: `job "${spec.name}" has no ${type} "${name}"${toSuggestion(name, names)}`,
    hint: names.length === 0 ? `the job has no ${type}s` : `its ${type}s: ${names.join(', ')}`,
    fields: { job: spec.name, instance: name },
  });
}

async function findTenant(deps: RunContextDeps, job: Job, instance: RunContextRequest['instance']) {
  const [project, namespace, secrets] = await Promise.all([
    deps.projects.find(job.project),
    deps.namespaces.find(job.project, job.namespace),
    deps.secrets.readAll(job.project, job.namespace),
  ]);
  return {
    project: present(project, 'the project of a job'),
    namespace: present(namespace, 'the namespace of a job'),
    secrets: listSecretsFor(secrets, instance),
  };
}

/** What a plugin adds must not lie outside the folder of the task, nor in the place of an asset of the job. */
function assertAssetNames(plugin: string, assets: readonly NamedValue[]): void {
  const names = assets.map(({ name }) => name);
  const wrong = names.flatMap((name, index) => {
    const problem = names.indexOf(name) < index ? 'is given twice' : findAssetNameProblem(name);
    return problem === undefined ? [] : [`asset ${JSON.stringify(name)} ${problem}`];
  });
  const [problem = findAssetClashes(names).map(({ path, message }) => `${path} ${message}`)[0]] = wrong;
  if (problem === undefined) return;
  throw new OptimusError('PLUGIN_REFUSED', {
    message: `the assets that plugin "${plugin}" made cannot be used: ${problem}`,
    hint: "rename the job's asset, or have the plugin mended",
    fields: { plugin },
  });
}

/** A job's assets as its plugin makes them for a run. @throws OptimusError `PLUGIN_*` */
export async function compilePluginAssets(
  plugins: PluginCatalog,
  { job, window }: Pick<PinnedJob, 'job' | 'window'>,
  scheduledAt: Date,
): Promise<Readonly<Record<string, string>>> {
  const { assets, task } = job.spec;
  const info = await plugins.find('task', task.name);
  if (!info?.mods.includes('cli') || Object.keys(assets).length === 0) return assets;
  const compiled = await plugins.compileAssets('task', task.name, {
    jobName: job.spec.name,
    config: task.config,
    assets: Object.entries(assets).map(([name, value]) => ({ name, value })),
    window: task.window,
    interval: window,
    scheduledAt,
  });
  assertAssetNames(task.name, compiled);
  return Object.fromEntries(compiled.map(({ name, value }) => [name, value]));
}
