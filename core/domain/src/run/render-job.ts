import { OptimusError } from '../error/optimus-error.ts';
import { getJob, type JobAddress } from '../job/get-job.ts';
import { toJobContentHash } from '../job/job-content-hash.ts';
import type { JobSpec } from '../job/job-spec.ts';
import { toUnstoredJob } from '../job/unstored-job.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { PluginCatalog } from '../ports/plugin-catalog.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { Project } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import { listNextTicks } from '../schedule/next-ticks.ts';
import { usePresets } from './job-window.ts';
import { compilePluginAssets } from './make-run-context.ts';
import type { InstanceType, Interval } from './run.ts';
import type { CompiledRunContext, CompileRunContext, ComputeWindow } from './run-context.ts';

/** What stands for the value of every secret. */
export const SECRET_MASK = '*****';

/** A task or hook as its run would see it. */
export interface RenderedInstance {
  readonly type: InstanceType;
  readonly name: string;
  readonly context: CompiledRunContext;
}

/** A job as one run would see it, no value of a secret in it. */
export interface RenderedJob {
  readonly scheduledAt: Date;
  readonly window: Interval;
  /** The task, then each hook in the order of the specification. */
  readonly instances: readonly RenderedInstance[];
}

/** What compiling needs. */
export interface RenderDeps {
  readonly plugins: PluginCatalog;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
}

/** A job and everything it is compiled with. */
export interface RenderInput {
  readonly spec: JobSpec;
  readonly project: Project;
  readonly namespace: Namespace;
  /** Names that templates may refer to. The values are never looked at: templates see {@link SECRET_MASK}. */
  readonly secretNames: readonly string[];
  /** Undefined: the next one after `now`. */
  readonly scheduledAt: Date | undefined;
  readonly now: Date;
}

/**
 * Compiles a specification as a run would be, with a mask in place of every secret: whatever a template makes of a secret, it makes
 * of the mask. @throws OptimusError `PRECONDITION_FAILED` without a next tick, `WINDOW_INVALID`, `TEMPLATE_*`, `PLUGIN_*`
 */
export async function renderJob(deps: RenderDeps, input: RenderInput): Promise<RenderedJob> {
  const { spec, project, namespace, now } = input;
  const scheduledAt = input.scheduledAt ?? findNextRun(spec, now);
  const window = usePresets(deps.computeWindow, project)(spec, scheduledAt);
  const job = toUnstoredJob(input, { updatedAt: now, contentHash: toJobContentHash(spec) });
  const assets = await compilePluginAssets(deps.plugins, { job, window }, scheduledAt);
  const secrets = Object.fromEntries(input.secretNames.map((name) => [name, SECRET_MASK]));
  const common = { job, project, namespace, secrets, window, scheduledAt, executionTime: now, assets };
  const instances = listInstances(spec).map((instance) => ({
    ...instance,
    context: deps.compileRunContext({ ...common, instance }),
  }));
  return { scheduledAt, window, instances };
}

function listInstances({ task, hooks }: JobSpec): readonly Pick<RenderedInstance, 'type' | 'name'>[] {
  return [{ type: 'task', name: task.name }, ...hooks.map(({ name }) => ({ type: 'hook' as const, name }))];
}

function findNextRun({ name, schedule }: JobSpec, now: Date): Date {
  if (schedule.interval === '') return new Date(Math.floor(now.getTime() / 1000) * 1000);
  const [tick] = listNextTicks(schedule, now, 1);
  if (tick) return tick;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `the schedule of job "${name}" is over, so there is no next run to render`,
    hint: 'name a tick: --scheduled-at 2022-09-19T02:00:00Z',
    fields: { job: name },
  });
}

/** What rendering on the server needs of the world. */
export interface RenderOnServerDeps extends RenderDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly jobs: JobStore;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly now: () => Date | Promise<Date>;
}

/** Which job to render. */
export interface RenderRequest extends Required<JobAddress> {
  /** Undefined: as it is deployed. */
  readonly spec: JobSpec | undefined;
  readonly scheduledAt: Date | undefined;
}

/** As {@link renderJob}, with the configuration, presets and names of secrets that the server has. @throws OptimusError also `*_NOT_FOUND` */
export async function renderOnServer(deps: RenderOnServerDeps, request: RenderRequest): Promise<RenderedJob> {
  const spec = request.spec ?? (await getJob(deps, request)).spec;
  const [project, namespace, now] = await Promise.all([
    getProject(deps, request.project),
    getNamespace(deps, request.project, request.namespace),
    deps.now(),
  ]);
  const secrets = await deps.secrets.list(project.name);
  const visible = secrets.filter((one) => one.namespace === undefined || one.namespace === namespace.name);
  const secretNames = visible.map(({ name }): string => name);
  return renderJob(deps, { spec, project, namespace, secretNames, scheduledAt: request.scheduledAt, now });
}
