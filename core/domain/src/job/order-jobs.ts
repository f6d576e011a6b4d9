/** Who waits for whom, by ids that mean something to the caller alone. */
export interface WaitingJobs<Id> {
  /** The jobs to order, and the ones each waits for: among these jobs or not. */
  readonly upstreams: ReadonlyMap<Id, readonly Id[]>;
  /** The level of an upstream that is not among the jobs. */
  readonly levelOf: (id: Id) => number;
}

/** The levels of jobs, or jobs that wait for each other. */
export interface OrderedJobs<Id> {
  /** The longest way to a job from one without upstreams: 0 for such a one. Jobs on or behind a circle have none. */
  readonly levels: ReadonlyMap<Id, number>;
  /** A circle, each waiting for the next one, the first one at both ends; undefined when there is none. */
  readonly circle: readonly Id[] | undefined;
}

/** Orders jobs so that each comes after those it waits for. Pure, linear in jobs and edges. Source: Kahn. */
export function orderJobs<Id>({ upstreams, levelOf }: WaitingJobs<Id>): OrderedJobs<Id> {
  const downstreams = new Map<Id, Id[]>([...upstreams.keys()].map((id) => [id, []]));
  const open = new Map<Id, number>();
  const levels = new Map<Id, number>();
  for (const [id, ids] of upstreams) {
    const inside = ids.filter((upstream) => upstreams.has(upstream));
    const outside = ids.filter((upstream) => !upstreams.has(upstream));
    open.set(id, inside.length);
    levels.set(
      id,
      outside.reduce((level, upstream) => Math.max(level, levelOf(upstream) + 1), 0),
    );
    for (const upstream of inside) downstreams.get(upstream)?.push(id);
  }
  const ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of ready) {
    for (const waiting of downstreams.get(id) ?? []) {
      levels.set(waiting, Math.max(levels.get(waiting) ?? 0, (levels.get(id) ?? 0) + 1));
      const left = (open.get(waiting) ?? 0) - 1;
      open.set(waiting, left);
      if (left === 0) ready.push(waiting);
    }
  }
  const ordered = new Set(ready);
  const entangled = new Set([...upstreams.keys()].filter((id) => !ordered.has(id)));
  for (const id of entangled) levels.delete(id);
  return { levels, circle: findCircle(entangled, upstreams) };
}

/** Every entangled job waits for another entangled one, so that going upstream must come around. */
function findCircle<Id>(
  entangled: ReadonlySet<Id>,
  upstreams: ReadonlyMap<Id, readonly Id[]>,
): readonly Id[] | undefined {
  const [start] = entangled;
  if (start === undefined) return undefined;
  const path = new Map<Id, number>();
  const walked: Id[] = [];
  let id: Id | undefined = start;
  while (id !== undefined && !path.has(id)) {
    path.set(id, walked.length);
    walked.push(id);
    id = upstreams.get(id)?.find((upstream) => entangled.has(upstream));
  }
  return id === undefined ? undefined : [...walked.slice(path.get(id)), id];
}
