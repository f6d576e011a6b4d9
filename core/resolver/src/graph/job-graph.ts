import type { JobDependency, JobName } from '@optimus/domain';

/** A dependency that points outside the project's jobs: carried along, never resolved here. */
export type ExternalDependency = JobDependency;

/** A job in a walk, with its shortest distance from where the walk began; direct neighbours have distance 1. */
export interface ReachedJob {
  readonly name: JobName;
  readonly distance: number;
}

interface GraphNode {
  readonly upstreams: readonly JobName[];
  readonly downstreams: readonly JobName[];
  readonly externals: readonly ExternalDependency[];
}

const NO_NODE: GraphNode = { upstreams: [], downstreams: [], externals: [] };

/** Which job of one project waits for which. Immutable; may hold cycles, which {@link findCycles} tells. */
export class JobGraph {
  readonly #nodes: ReadonlyMap<JobName, GraphNode>;

  constructor(nodes: ReadonlyMap<JobName, GraphNode>) {
    this.#nodes = nodes;
  }

  /** Every job, in the order given. */
  jobs(): readonly JobName[] {
    return [...this.#nodes.keys()];
  }

  has(name: JobName): boolean {
    return this.#nodes.has(name);
  }

  /** The jobs that this one waits for directly; empty for a name that is not in the graph. */
  upstreamsOf(name: JobName): readonly JobName[] {
    return this.#node(name).upstreams;
  }

  /** The jobs that wait for this one directly. */
  downstreamsOf(name: JobName): readonly JobName[] {
    return this.#node(name).downstreams;
  }

  /** What the job waits for outside the project: other projects' jobs, `extra` and `http`. */
  externalsOf(name: JobName): readonly ExternalDependency[] {
    return this.#node(name).externals;
  }

  /** All jobs that this one waits for, nearest first, at most `maxDistance` away. */
  walkUpstream(name: JobName, maxDistance?: number): readonly ReachedJob[] {
    return walk(name, (job) => this.upstreamsOf(job), maxDistance);
  }

  /** All jobs that wait for this one, nearest first, at most `maxDistance` away. */
  walkDownstream(name: JobName, maxDistance?: number): readonly ReachedJob[] {
    return walk(name, (job) => this.downstreamsOf(job), maxDistance);
  }

  #node(name: JobName): GraphNode {
    return this.#nodes.get(name) ?? NO_NODE;
  }
}

function walk(
  start: JobName,
  next: (name: JobName) => readonly JobName[],
  maxDistance = Number.POSITIVE_INFINITY,
): readonly ReachedJob[] {
  const distances = new Map([[start, 0]]);
  const queue = [start];
  for (const job of queue) {
    const distance = (distances.get(job) ?? 0) + 1;
    if (distance > maxDistance) break;
    for (const neighbour of next(job)) {
      if (distances.has(neighbour)) continue;
      distances.set(neighbour, distance);
      queue.push(neighbour);
    }
  }
  return queue.slice(1).map((name) => ({ name, distance: distances.get(name) ?? 0 }));
}
