import {
  type JobDependency,
  type JobName,
  OptimusError,
  type ProjectName,
  toSuggestion,
} from '@optimus/domain';

/** What a static dependency turned out to be. */
export type ResolvedDependency =
  | { readonly kind: 'job'; readonly name: JobName }
  | { readonly kind: 'external' }
  | { readonly kind: 'unknown'; readonly problem: OptimusError };

/** The jobs among which dependencies are looked up. */
export interface ResolutionScope {
  readonly project: ProjectName;
  readonly jobs: ReadonlyMap<string, JobName>;
  /** Whether looking for the nearest name is worth its time: it reads every name there is. */
  readonly suggests: boolean;
}

/** Looks up one static dependency of `job`. `inter` names of the own project are jobs of the graph like any other. */
export function resolveDependency(
  job: JobName,
  { type, name }: JobDependency,
  scope: ResolutionScope,
): ResolvedDependency {
  switch (type) {
    case 'intra':
      return findJob(job, name, scope);
    case 'inter':
      return resolveInter(job, name, scope);
    default:
      return { kind: 'external' };
  }
}

function resolveInter(job: JobName, name: string, scope: ResolutionScope): ResolvedDependency {
  const [, project, wanted] = /^([^/]+)\/([^/]+)$/.exec(name) ?? [];
  if (project === undefined || wanted === undefined)
    return { kind: 'unknown', problem: malformed(job, name) };
  return project === scope.project ? findJob(job, wanted, scope) : { kind: 'external' };
}

function findJob(job: JobName, wanted: string, scope: ResolutionScope): ResolvedDependency {
  const name = scope.jobs.get(wanted);
  return name === undefined
    ? { kind: 'unknown', problem: unknownJob(job, wanted, scope) }
    : { kind: 'job', name };
}

function unknownJob(
  job: JobName,
  wanted: string,
  { project, jobs, suggests }: ResolutionScope,
): OptimusError {
  const suggestion = suggests ? toSuggestion(wanted, jobs.keys()) : '';
  return new OptimusError('DEPENDENCY_UNKNOWN', {
    message: `job "${job}" depends on "${wanted}", which is no job of project "${project}"${suggestion}`,
    hint: 'correct the name, deploy that job too, or give a job of another project as project/job with type inter',
    fields: { project, job, dependency: wanted },
  });
}

function malformed(job: JobName, name: string): OptimusError {
  return new OptimusError('DEPENDENCY_UNKNOWN', {
    message: `job "${job}" has the inter dependency ${JSON.stringify(name)}, which is not of the form project/job`,
    hint: 'write the project, a slash and the job',
    fields: { job, dependency: name },
  });
}
