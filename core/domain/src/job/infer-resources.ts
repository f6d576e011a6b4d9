import { toErrorMessage } from '../error/optimus-error.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { PluginInfo } from '../plugin/plugin.ts';
import type { Project } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import { type AskedJob, type CompileJobDeps, compileJob } from './compile-job.ts';
import { toJobContentHash } from './job-content-hash.ts';
import { type JobResources, NO_RESOURCES } from './job-edge.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';

/** What a job writes and reads, and why that cannot be told. */
export interface InferredResources extends JobResources {
  readonly problems: readonly JobSpecProblem[];
}

/** Works out what a job writes and reads. Never throws for a job: what is wrong with it is in the answer. */
export type InferResources = (job: {
  readonly namespace: Namespace;
  readonly spec: JobSpec;
  /** Absent: the project as it is registered. */
  readonly project?: Project;
}) => Promise<InferredResources>;

/** What inference needs of the world. */
export interface InferenceDeps extends CompileJobDeps {
  readonly now: () => Date | Promise<Date>;
}

/** Inferences kept in memory: a plan and the deployment after it ask each plugin once. */
const MOST_KEPT = 20_000;

/**
 * Asks the task's plugin what a job writes and reads, its configuration and assets compiled as for a run at the present time, without
 * secrets. Answers are kept by the plugin's version, the content of the job and what its tenant configures.
 */
export function createInferResources(deps: InferenceDeps): InferResources {
  const kept = new Map<string, InferredResources>();
  return async ({ namespace, spec, project: given }) => {
    const plugin = await deps.plugins.find('task', spec.task.name);
    if (!plugin?.mods.includes('dependencyresolver')) return { ...NO_RESOURCES, problems: [] };
    const project = given ?? (await getProject(deps, namespace.project));
    const key = toKey(plugin, { project, namespace, spec });
    const known = kept.get(key);
    if (known) return known;
    const inferred = await ask(deps, { project, namespace, spec });
    // What failed may succeed the next time: a plugin that crashed is started again.
    if (inferred.problems.length === 0) keep(kept, key, inferred);
    return inferred;
  };
}

function toKey({ name, version }: PluginInfo, { project, namespace, spec }: AskedJob): string {
  return JSON.stringify([
    name,
    version,
    toJobContentHash(spec),
    project.name,
    project.config,
    namespace.config,
  ]);
}

function keep(kept: Map<string, InferredResources>, key: string, inferred: InferredResources): void {
  kept.set(key, inferred);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

async function ask(deps: InferenceDeps, asked: AskedJob): Promise<InferredResources> {
  const { spec, project } = asked;
  const compiled = await compileJob(deps, asked, await deps.now());
  const request = {
    jobName: spec.name,
    ...compiled,
    project: { name: project.name, config: project.config },
  };
  try {
    const destination = await deps.plugins.findDestination('task', spec.task.name, request);
    const sources = await deps.plugins.listDependencies('task', spec.task.name, request);
    return { ...toResources(destination, sources), problems: [] };
  } catch (thrown) {
    const message = `what the job reads and writes cannot be told: ${toErrorMessage(thrown)}`;
    return { ...NO_RESOURCES, problems: [{ path: 'task', message }] };
  }
}

/** Resources in the form that edges are made from. */
export function toResources(destination: string | undefined, sources: readonly string[]): JobResources {
  const urn = destination === '' ? undefined : destination;
  const others = sources.filter((source) => source !== '' && source !== urn);
  return { destination: urn, sources: [...new Set(others)].toSorted() };
}
