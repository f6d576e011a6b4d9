import { type JobName, OptimusError } from '@optimus/domain';
import type { JobGraph } from './job-graph.ts';

/** Jobs that wait for each other in a ring: each for the next one, the last for the first, which stands at both ends. */
export type Cycle = readonly JobName[];

/** One cycle, a shortest one, of each group of jobs that wait for each other. Linear in jobs and dependencies. */
export function findCycles(graph: JobGraph): readonly Cycle[] {
  return findEntangled(graph).flatMap((group) => {
    const cycle = findShortestCycle(graph, group);
    return cycle ? [cycle] : [];
  });
}

/** The error that shows a whole cycle: code `DEPENDENCY_CYCLE`. */
export function toCycleError(cycle: Cycle): OptimusError {
  const path = cycle.join(' → ');
  return new OptimusError('DEPENDENCY_CYCLE', {
    message: `jobs wait for each other: ${path}`,
    hint: 'remove one of these dependencies',
    fields: { path },
  });
}

type Neighbours = (name: JobName) => readonly JobName[];

/** The strongly connected groups of jobs, single jobs too. Source: Kosaraju and Sharir. */
function findEntangled(graph: JobGraph): ReadonlyArray<ReadonlySet<JobName>> {
  const finished: JobName[] = [];
  const seen = new Set<JobName>();
  for (const job of graph.jobs())
    visit(job, { next: (name) => graph.upstreamsOf(name), seen, onLeave: (name) => finished.push(name) });
  const assigned = new Set<JobName>();
  return finished.toReversed().flatMap((job) => {
    const group = new Set<JobName>();
    visit(job, {
      next: (name) => graph.downstreamsOf(name),
      seen: assigned,
      onLeave: (name) => group.add(name),
    });
    return group.size === 0 ? [] : [group];
  });
}

interface Visit {
  readonly next: Neighbours;
  readonly seen: Set<JobName>;
  readonly onLeave: (name: JobName) => void;
}

// Depth first without recursion: a chain of ten thousand jobs is deeper than our stack.
function visit(start: JobName, { next, seen, onLeave }: Visit): void {
  if (seen.has(start)) return;
  seen.add(start);
  const path = [{ name: start, rest: next(start).values() }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const { value: neighbour, done } = top.rest.next();
    if (done === true) {
      onLeave(top.name);
      path.pop();
    } else if (!seen.has(neighbour)) {
      seen.add(neighbour);
      path.push({ name: neighbour, rest: next(neighbour).values() });
    }
  }
}

function findShortestCycle(graph: JobGraph, group: ReadonlySet<JobName>): Cycle | undefined {
  const [start] = [...group].sort();
  if (start === undefined) return undefined;
  const cameFrom = new Map<JobName, JobName>();
  const queue = [start];
  for (const name of queue) {
    for (const upstream of graph.upstreamsOf(name)) {
      if (upstream === start) return [...tracePath(cameFrom, start, name), start];
      if (!group.has(upstream) || cameFrom.has(upstream)) continue;
      cameFrom.set(upstream, name);
      queue.push(upstream);
    }
  }
  return undefined;
}

function tracePath(
  cameFrom: ReadonlyMap<JobName, JobName>,
  start: JobName,
  end: JobName,
): readonly JobName[] {
  const path = [end];
  for (let name = cameFrom.get(end); name !== undefined; name = cameFrom.get(name)) path.push(name);
  return path.at(-1) === start ? path.toReversed() : [start, ...path.toReversed()];
}
