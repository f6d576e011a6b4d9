import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import { splitAssets } from '../job/binary-asset.ts';
import { findAssetClashes } from '../job/find-asset-clashes.ts';
import { findAssetNameProblem } from '../job/find-job-spec-problems.ts';
import { parseJobKey, toJobNotFound } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { NamedValue } from '../plugin/plugin.ts';
import type { ContextSource, ContextStore } from '../ports/context-store.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Project } from '../project/project.ts';
import { maskError, maskText, SecretPatterns } from '../secret/masking/index.ts';
import { findPluginSecret, listSecretsFor } from '../secret/plugin-secret.ts';
import { usePresets } from './job-window.ts';
import type { InstanceType, Interval } from './run.ts';
import type { CompiledRunContext, CompileRunContext, ComputeWindow } from './run-context.ts';
import type { RunState } from './run-state.ts';

/** What making a context needs of the world. */
export interface RunContextDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly contexts: ContextStore;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
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
  /** The value of the secret that belongs to the instance's plugin alone, when there is one. */
  readonly pluginSecret: string | undefined;
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
  const source = await getSource(deps, request);
  assertInstanceExists(source.job, request.instance);
  const { job, project, namespace } = source;
  const secrets = listSecretsFor(source.secrets, request.instance);
  const pinned = { job, ...toPinnedTimes(deps, source, request.scheduledAt) };
  const assets = await compilePluginAssets(deps.plugins, pinned, request.scheduledAt).catch(
    (thrown: unknown) => {
      // What a plugin says of its refusal is stored with the run.
      throw maskError(thrown, new SecretPatterns(Object.values(secrets)));
    },
  );
  const context = deps.compileRunContext({
    job,
    project,
    namespace,
    secrets,
    window: pinned.window,
    executionTime: pinned.executionTime,
    scheduledAt: request.scheduledAt,
    // One by one: a caller's request may carry more, such as the name of its namespace.
    instance: request.instance,
    assets,
  });
  const visibleSecrets = Object.values(secrets);
  const { type, name } = request.instance;
  const pluginSecret = findPluginSecret(secrets, type, name)?.value;
  const runState = source.run?.state;
  return {
    ...pinned,
    project,
    namespace,
    runState,
    context: { ...context, warnings: maskAll(context.warnings, visibleSecrets) },
    visibleSecrets,
    pluginSecret,
  };
}

/** A template may spell out what is a secret elsewhere, and warnings are stored with the run. */
function maskAll(warnings: readonly string[], secrets: readonly string[]): readonly string[] {
  if (warnings.length === 0) return warnings;
  const patterns = new SecretPatterns(secrets);
  return warnings.map((warning) => maskText(warning, patterns));
}

async function getSource(deps: RunContextDeps, request: RunContextRequest): Promise<ContextSource> {
  const address = { project: request.project, job: request.job };
  const { scheduledAt } = request;
  const source = await deps.contexts.findSource({ ...parseJobKey(address), scheduledAt });
  if (source) return source;
  throw await toJobNotFound(deps, address);
}

/** A run keeps the window and the execution time that it began with, however often it is tried. */
function toPinnedTimes({ computeWindow }: RunContextDeps, source: ContextSource, scheduledAt: Date) {
  const { run, job, project, now } = source;
  if (run) return { window: run.window, executionTime: run.executionTime };
  return { window: usePresets(computeWindow, project)(job.spec, scheduledAt), executionTime: now };
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
  { job, window }: Pick<MadeRunContext, 'job' | 'window'>,
  scheduledAt: Date,
): Promise<Readonly<Record<string, string>>> {
  const { assets, task } = job.spec;
  if (Object.keys(assets).length === 0) return assets;
  const info = await plugins.find('task', task.name);
  if (!info?.mods.includes('cli')) return assets;
  // The protocol of plugins knows text alone.
  const { texts, binaries } = splitAssets(assets);
  const compiled = await plugins.compileAssets('task', task.name, {
    jobName: job.spec.name,
    config: task.config,
    assets: Object.entries(texts).map(([name, value]) => ({ name, value })),
    window: task.window,
    interval: window,
    scheduledAt,
  });
  const kept = Object.entries(binaries).map(([name, value]) => ({ name, value }));
  assertAssetNames(task.name, [...compiled, ...kept]);
  return Object.fromEntries([...compiled, ...kept].map(({ name, value }) => [name, value]));
}
