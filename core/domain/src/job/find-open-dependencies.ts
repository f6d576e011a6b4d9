import { findNearestName } from '../error/nearest-name.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { OtherServers } from '../ports/other-servers.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { ProjectName } from '../project/project.ts';
import { planProbes } from '../run/run-probe.ts';
import { listStaticUpstreams } from './job-edge.ts';
import { isJobName } from './job-name.ts';
import type { JobDependency, JobSpec } from './job-spec.ts';
import type { JobWarning } from './job-warning.ts';

/** What is asked about jobs that others name. */
export interface DependencyDeps {
  readonly projects: Pick<ProjectStore, 'list'>;
  readonly jobs: Pick<JobStore, 'listDigests'>;
  readonly others: Pick<OtherServers, 'names'>;
}

/** So many names are compared with all that there are: it takes long where there are many jobs. */
const MOST_SUGGESTIONS = 20;

/**
 * The dependencies of a project's jobs that are good to deploy and wait for nobody: jobs of other projects that are not there, perhaps
 * yet, and jobs of other servers where none is configured. The own project's are left to the change, which refuses unknown ones.
 */
export async function findOpenDependencies(
  deps: DependencyDeps,
  project: ProjectName,
  specs: readonly JobSpec[],
): Promise<readonly JobWarning[]> {
  const isAsked = deps.others.names.length > 0;
  const beyond = isAsked ? [] : specs.flatMap(toUnaskable);
  return [...(await findAbsent(deps, project, specs)), ...beyond];
}

function toUnaskable(spec: JobSpec): readonly JobWarning[] {
  const external = planProbes(spec).filter(({ kind }) => kind === 'external');
  return external.map(({ name }) => ({
    name: spec.name,
    path: toPath(spec, ({ type, name: named }) => type === 'extra' && named === name),
    message: `waits for ${name} of another server, and nobody here can ask for it: its runs wait until resource_managers of the server names one`,
  }));
}

function toPath({ dependencies }: JobSpec, isMeant: (dependency: JobDependency) => boolean): string {
  return `dependencies.${dependencies.findIndex(isMeant)}`;
}

interface NamedUpstream {
  readonly name: string;
  readonly path: string;
  readonly project: string;
  readonly job: string;
}

async function findAbsent(
  deps: DependencyDeps,
  own: ProjectName,
  specs: readonly JobSpec[],
): Promise<readonly JobWarning[]> {
  const named = specs.flatMap((spec) =>
    listStaticUpstreams(own, spec).map((upstream) => ({
      name: spec.name,
      path: toPath(
        spec,
        ({ type, name }) => type !== 'extra' && name === `${upstream.project}/${upstream.job}`,
      ),
      ...upstream,
    })),
  );
  const foreign = named.filter(({ project }) => project !== own);
  if (foreign.length === 0) return [];
  const projects = (await deps.projects.list()).map(({ name }) => name);
  const groups = [...Map.groupBy(foreign, ({ project }) => project).values()];
  const absent = await Promise.all(groups.map((group) => withoutDeployed(deps, projects, group)));
  const suggest = createSuggest(deps, projects);
  const warnings: JobWarning[] = [];
  for (const [position, upstream] of absent.flat().entries()) {
    const meant = position < MOST_SUGGESTIONS ? await suggest(upstream) : '';
    const { name, path, project, job } = upstream;
    const message = `waits for ${project}/${job}, which is not deployed${meant}: its runs do not wait until it is`;
    warnings.push({ name, path, message });
  }
  return warnings;
}

/** Of upstreams in one project, those that it does not have. */
async function withoutDeployed(
  { jobs }: DependencyDeps,
  projects: readonly ProjectName[],
  upstreams: readonly NamedUpstream[],
): Promise<readonly NamedUpstream[]> {
  const project = projects.find((name) => name === upstreams[0]?.project);
  if (project === undefined) return upstreams;
  const names = [...new Set(upstreams.map(({ job }) => job))].filter(isJobName);
  const deployed = new Set<string>((await jobs.listDigests(project, names)).map(({ name }) => name));
  return upstreams.filter(({ job }) => !deployed.has(job));
}

/** Says which job was probably meant: the nearest of the project, or of the project with the nearest name. Each project is read once. */
function createSuggest({ jobs }: DependencyDeps, projects: readonly ProjectName[]) {
  const namesOf = new Map<ProjectName, readonly string[]>();
  return async (wanted: NamedUpstream): Promise<string> => {
    const nearest = findNearestName(wanted.project, projects);
    const project = projects.find((name) => name === nearest);
    if (project === undefined) return '';
    const names = namesOf.get(project) ?? (await jobs.listDigests(project)).map(({ name }) => name);
    namesOf.set(project, names);
    const job = findNearestName(wanted.job, names);
    return job === undefined ? '' : ` (did you mean ${project}/${job}?)`;
  };
}
