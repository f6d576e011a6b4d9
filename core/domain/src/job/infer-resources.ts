// node:crypto is allowed here: a hash of a value is pure, and assets may be long.
import { createHash } from 'node:crypto';
import { toErrorMessage } from '../error/optimus-error.ts';
import type { SourceText } from '../lineage/column-lineage.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { PluginInfo } from '../plugin/plugin.ts';
import type { ResolveRequest } from '../ports/plugin-catalog.ts';
import type { Project } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import { type AskedJob, type CompileJobDeps, compileJob } from './compile-job.ts';
import { type JobResources, NO_RESOURCES } from './job-edge.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';
import type { UnknownRead } from './unknown-read.ts';

/** What a job writes and reads, and why that cannot be told. */
export interface InferredResources extends JobResources {
  readonly problems: readonly JobSpecProblem[];
  /** What its texts leave open; absent: nothing. */
  readonly unknown?: readonly UnknownRead[];
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
  /** The places of texts that keep what they read from being known. Pure. */
  readonly findUnknownReads: (texts: readonly SourceText[]) => readonly UnknownRead[];
  readonly now: () => Date | Promise<Date>;
}

/** Inferences under way at a time: a plugin answers many calls at once, but not ten thousand. */
export const INFERENCES = 32;

/** Inferences kept of each plugin: a plan and the deployment after it ask it once. */
const MOST_KEPT = 20_000;

type Kept = Map<string, InferredResources>;

/**
 * Asks the task's plugin what a job writes and reads, its configuration and assets compiled as for a run at the present time, without
 * secrets. An answer is kept until the plugin is replaced, for the request as it was compiled: text that names the day is asked for anew
 * the day after.
 */
export function createInferResources(deps: InferenceDeps): InferResources {
  const keptOf = new WeakMap<PluginInfo, Kept>();
  return async ({ namespace, spec, project: given }) => {
    const plugin = await deps.plugins.find('task', spec.task.name);
    if (!plugin?.mods.includes('dependencyresolver')) return { ...NO_RESOURCES, problems: [] };
    const project = given ?? (await getProject(deps, namespace.project));
    const request = await toRequest(deps, { project, namespace, spec });
    const kept = keptOf.get(plugin) ?? new Map<string, InferredResources>();
    keptOf.set(plugin, kept);
    const key = toKey(request);
    const known = kept.get(key);
    if (known) return known;
    const inferred = await ask(deps, spec.task.name, request);
    // What failed may succeed the next time: a plugin that crashed is started again.
    if (inferred.problems.length === 0) keep(kept, key, inferred);
    return inferred;
  };
}

async function toRequest(deps: InferenceDeps, asked: AskedJob): Promise<ResolveRequest> {
  const { spec, project } = asked;
  const compiled = await compileJob(deps, asked, await deps.now());
  return { jobName: spec.name, ...compiled, project: { name: project.name, config: project.config } };
}

function toKey(request: ResolveRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

function keep(kept: Kept, key: string, inferred: InferredResources): void {
  kept.set(key, inferred);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

async function ask(
  { plugins, findUnknownReads }: Pick<InferenceDeps, 'plugins' | 'findUnknownReads'>,
  plugin: string,
  request: ResolveRequest,
): Promise<InferredResources> {
  try {
    const destination = await plugins.findDestination('task', plugin, request);
    const sources = await plugins.listDependencies('task', plugin, request);
    const texts = (await plugins.listSourceTexts('task', plugin, request)) ?? [];
    const absent = await plugins.listAbsentTexts('task', plugin, request);
    const unknown = [...absent.map(toAbsent), ...findUnknownReads(texts)];
    return { ...toResources(destination, sources), problems: [], unknown };
  } catch (thrown) {
    const message = `does not tell what the job reads and writes: ${toErrorMessage(thrown)}`;
    return { ...NO_RESOURCES, problems: [{ path: 'task', message }] };
  }
}

function toAbsent(text: string): UnknownRead {
  return { text, message: 'is missing: what the task reads would stand there' };
}

/** Resources in the form that edges are made from. */
export function toResources(destination: string | undefined, sources: readonly string[]): JobResources {
  const urn = destination === '' ? undefined : destination;
  const others = sources.filter((source) => source !== '' && source !== urn);
  return { destination: urn, sources: [...new Set(others)].toSorted() };
}
