import type { Namespace } from '../namespace/namespace.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Project } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { toPreview } from './compile-job.ts';
import { type DependencyDeps, findOpenDependencies } from './find-open-dependencies.ts';
import { INFERENCES, type InferResources } from './infer-resources.ts';
import type { JobSpec } from './job-spec.ts';
import type { FindMissingValues, JobWarning } from './job-warning.ts';
import { mapLimited } from './map-limited.ts';
import { formatUnknownRead, type UnknownRead } from './unknown-read.ts';

/** What finding warnings needs of the world. */
export interface WarningDeps extends DependencyDeps {
  readonly computeWindow: ComputeWindow;
  readonly findMissingValues: FindMissingValues;
}

/** A job and what its plugin told of it. */
export interface ReadJob {
  readonly namespace: Namespace;
  readonly spec: JobSpec;
  readonly unknown: readonly UnknownRead[];
}

/** What is worth knowing of a project's jobs at a time, be they good to deploy. */
export async function findJobWarnings(
  deps: WarningDeps,
  jobs: readonly ReadJob[],
  { project, now }: { readonly project: Project; readonly now: Date },
): Promise<readonly JobWarning[]> {
  const missing = jobs.flatMap(({ namespace, spec }) =>
    findMissing(deps, { project, namespace, spec }, now).map((value) => ({ name: spec.name, ...value })),
  );
  const unknown = jobs.flatMap(({ spec, unknown: reads }) =>
    reads.map((read) => toUnknownWarning(spec, read)),
  );
  const specs = jobs.map(({ spec }) => spec);
  return [...(await findOpenDependencies(deps, project.name, specs)), ...missing, ...unknown];
}

/** Of a job without a window there is nothing to say: it is refused. */
function findMissing(deps: WarningDeps, asked: Parameters<typeof toPreview>[1], now: Date) {
  try {
    return deps.findMissingValues(toPreview(deps, asked, now));
  } catch {
    return [];
  }
}

function toUnknownWarning({ name, task, assets }: JobSpec, read: UnknownRead): JobWarning {
  const { text, place, message } = read;
  const subject = 'not all that it reads is known';
  if (place && Object.hasOwn(assets, text))
    return { name, path: `assets.${text}`, place, message: `${subject}: ${message}` };
  const isEntry = task.config.some((item) => item.name === text);
  const path = isEntry ? `task.config.${text}` : 'task.name';
  return { name, path, message: `${subject}: ${formatUnknownRead(read)}` };
}

/** What inferring warnings needs besides. */
export interface InferWarningDeps extends WarningDeps {
  readonly projects: ProjectStore;
  readonly inferResources: InferResources;
  readonly now: () => Date | Promise<Date>;
}

/** The same of jobs of which nothing is known but what their author wrote. */
export async function inferJobWarnings(
  deps: InferWarningDeps,
  namespace: Namespace,
  specs: readonly JobSpec[],
): Promise<readonly JobWarning[]> {
  const [project, now] = await Promise.all([getProject(deps, namespace.project), deps.now()]);
  const jobs = await mapLimited(specs, INFERENCES, async (spec) => {
    const { unknown = [] } = await deps.inferResources({ namespace, spec });
    return { namespace, spec, unknown };
  });
  return findJobWarnings(deps, jobs, { project, now });
}
