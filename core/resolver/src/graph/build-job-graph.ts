import { type JobName, type JobSpec, OptimusError, type ProjectName } from '@optimus/domain';
import { findCycles, toCycleError } from './find-cycles.ts';
import { type ExternalDependency, JobGraph } from './job-graph.ts';
import { resolveDependency } from './resolve-dependency.ts';

/** What the graph is built from: all jobs of one project. */
export interface JobGraphInput {
  readonly project: ProjectName;
  readonly jobs: ReadonlyArray<Pick<JobSpec, 'name' | 'dependencies'>>;
}

/** The graph, and everything wrong with it; without problems it is complete and free of cycles. */
export interface BuiltJobGraph {
  readonly graph: JobGraph;
  /** `DEPENDENCY_UNKNOWN`, `DEPENDENCY_CYCLE`, `SPEC_INVALID`: all of them, in the order of the jobs, cycles last. */
  readonly problems: readonly OptimusError[];
}

/** The nearest name is looked for this often at most: it costs a comparison with every job, and one typo is often repeated. */
const MOST_SUGGESTIONS = 10;

/** Resolves the static dependencies of a project's jobs. Pure, linear in jobs and dependencies. */
export function buildJobGraph(input: JobGraphInput): BuiltJobGraph {
  const { edges, problems } = resolveAll(input);
  const graph = new JobGraph(connect(edges));
  return { graph, problems: [...problems, ...findCycles(graph).map(toCycleError)] };
}

interface JobEdges {
  readonly upstreams: ReadonlySet<JobName>;
  readonly externals: readonly ExternalDependency[];
}

function resolveAll({ project, jobs }: JobGraphInput) {
  const byName = new Map<string, JobName>(jobs.map(({ name }) => [name, name]));
  const edges = new Map<JobName, JobEdges>();
  const problems: OptimusError[] = [];
  for (const { name, dependencies } of jobs) {
    if (edges.has(name)) problems.push(duplicate(project, name));
    const upstreams = new Set<JobName>();
    const externals: ExternalDependency[] = [];
    for (const dependency of dependencies) {
      const scope = { project, jobs: byName, suggests: problems.length < MOST_SUGGESTIONS };
      const resolved = resolveDependency(name, dependency, scope);
      if (resolved.kind === 'job') upstreams.add(resolved.name);
      else if (resolved.kind === 'external') externals.push(dependency);
      else problems.push(resolved.problem);
    }
    edges.set(name, { upstreams, externals });
  }
  return { edges, problems };
}

function connect(edges: ReadonlyMap<JobName, JobEdges>) {
  const downstreams = new Map<JobName, JobName[]>([...edges.keys()].map((name) => [name, []]));
  for (const [name, { upstreams }] of edges) {
    for (const upstream of upstreams) downstreams.get(upstream)?.push(name);
  }
  return new Map(
    [...edges].map(([name, { upstreams, externals }]) => [
      name,
      { upstreams: [...upstreams], downstreams: downstreams.get(name) ?? [], externals },
    ]),
  );
}

function duplicate(project: ProjectName, job: JobName): OptimusError {
  return new OptimusError('SPEC_INVALID', {
    message: `project "${project}" has more than one job named "${job}"`,
    hint: 'give each job of a project its own name',
    fields: { project, job },
  });
}
