import type { Namespace } from '../namespace/namespace.ts';
import type { NamedValue } from '../plugin/plugin.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Project } from '../project/project.ts';
import { usePresets } from '../run/job-window.ts';
import type { CompileRunContext, ComputeWindow, RunContextInput } from '../run/run-context.ts';
import { splitAssets } from './binary-asset.ts';
import type { JobSpec } from './job-spec.ts';
import { toUnstoredJob } from './unstored-job.ts';

/** What compiling a job outside its runs needs of the world. */
export interface CompileJobDeps {
  readonly projects: ProjectStore;
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
}

/** A job and what its tenant configures. */
export interface AskedJob {
  readonly project: Project;
  readonly namespace: Namespace;
  readonly spec: JobSpec;
}

/** The configuration and the assets that a run would see. */
export interface CompiledJob {
  readonly config: readonly NamedValue[];
  readonly assets: readonly NamedValue[];
}

/**
 * Compiles a job's configuration and assets as for a run at the time, without secrets. Text that cannot be compiled before its run, for
 * want of a secret for example, is given as its author wrote it.
 */
export async function compileJob(deps: CompileJobDeps, asked: AskedJob, at: Date): Promise<CompiledJob> {
  const { spec } = asked;
  const { task } = spec;
  const assets = splitAssets(spec.assets).texts;
  const raw = { config: task.config, assets: toNamedValues(assets) };
  try {
    const { envs, files } = deps.compileRunContext({
      ...toPreview(deps, asked, at),
      secrets: {},
      instance: { type: 'task', name: task.name },
    });
    const config = task.config.map(({ name, value }) => ({ name, value: envs[name] ?? value }));
    return { config, assets: toNamedValues(files) };
  } catch {
    return raw;
  }
}

/** A job outside its runs as one at the time would see it. @throws OptimusError `WINDOW_INVALID` */
export function toPreview(
  { computeWindow }: Pick<CompileJobDeps, 'computeWindow'>,
  asked: AskedJob,
  at: Date,
): Omit<RunContextInput, 'instance' | 'secrets'> {
  const { project, namespace, spec } = asked;
  return {
    job: toUnstoredJob(asked, { updatedAt: at, contentHash: '' }),
    project,
    namespace,
    window: usePresets(computeWindow, project)(spec, at),
    scheduledAt: at,
    executionTime: at,
    assets: splitAssets(spec.assets).texts,
  };
}

function toNamedValues(record: Readonly<Record<string, string>>): readonly NamedValue[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}
