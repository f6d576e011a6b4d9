import type { Namespace } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import { type DependencyDeps, findOpenDependencies } from './find-open-dependencies.ts';
import { INFERENCES, type InferResources } from './infer-resources.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobWarning } from './job-warning.ts';
import { mapLimited } from './map-limited.ts';
import { formatUnknownRead, type UnknownRead } from './unknown-read.ts';

/** A job and what its plugin told of it. */
export interface ReadJob {
  readonly spec: JobSpec;
  readonly unknown: readonly UnknownRead[];
}

/** What is worth knowing of a project's jobs, be they good to deploy. */
export async function findJobWarnings(
  deps: DependencyDeps,
  project: ProjectName,
  jobs: readonly ReadJob[],
): Promise<readonly JobWarning[]> {
  const unknown = jobs.flatMap(({ spec, unknown: reads }) =>
    reads.map((read) => toUnknownWarning(spec, read)),
  );
  const specs = jobs.map(({ spec }) => spec);
  return [...(await findOpenDependencies(deps, project, specs)), ...unknown];
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

/** The same of jobs of which nothing is known but what their author wrote. */
export async function inferJobWarnings(
  deps: DependencyDeps & { readonly inferResources: InferResources },
  namespace: Namespace,
  specs: readonly JobSpec[],
): Promise<readonly JobWarning[]> {
  const jobs = await mapLimited(specs, INFERENCES, async (spec) => {
    const { unknown = [] } = await deps.inferResources({ namespace, spec });
    return { spec, unknown };
  });
  return findJobWarnings(deps, namespace.project, jobs);
}
