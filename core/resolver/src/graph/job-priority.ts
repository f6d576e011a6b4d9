import type { JobName } from '@optimus/domain';
import { findCycles, toCycleError } from './find-cycles.ts';
import type { JobGraph } from './job-graph.ts';

const HIGHEST_PRIORITY = 10_000;
const PRIORITY_STEP = 10;

/**
 * The priority of every job: 10,000 less 10 for each level, where a job's level is the longest chain of jobs before it. A job of
 * another project counts as a chain of one. Linear. @throws OptimusError `DEPENDENCY_CYCLE`
 */
export function computePriorities(graph: JobGraph): ReadonlyMap<JobName, number> {
  const levels = computeLevels(graph);
  return new Map([...levels].map(([name, level]) => [name, HIGHEST_PRIORITY - PRIORITY_STEP * level]));
}

/** All jobs, each after every job that it waits for. @throws OptimusError `DEPENDENCY_CYCLE` with the whole path */
export function sortByDependency(graph: JobGraph): readonly JobName[] {
  const waitingFor = new Map(graph.jobs().map((name) => [name, graph.upstreamsOf(name).length]));
  const sorted = graph.jobs().filter((name) => waitingFor.get(name) === 0);
  for (const name of sorted) {
    for (const downstream of graph.downstreamsOf(name)) {
      const left = (waitingFor.get(downstream) ?? 0) - 1;
      waitingFor.set(downstream, left);
      if (left === 0) sorted.push(downstream);
    }
  }
  const [cycle] = sorted.length < waitingFor.size ? findCycles(graph) : [];
  if (cycle) throw toCycleError(cycle);
  return sorted;
}

function computeLevels(graph: JobGraph): ReadonlyMap<JobName, number> {
  const levels = new Map<JobName, number>();
  for (const name of sortByDependency(graph)) {
    const waitsOutside = graph.externalsOf(name).some(({ type }) => type === 'inter');
    const level = graph
      .upstreamsOf(name)
      .reduce(
        (longest, upstream) => Math.max(longest, (levels.get(upstream) ?? 0) + 1),
        waitsOutside ? 1 : 0,
      );
    levels.set(name, level);
  }
  return levels;
}
