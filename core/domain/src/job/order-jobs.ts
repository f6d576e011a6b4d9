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
  /**
   * Circles without a job in common, each job waiting for the next one, the first one at both ends; empty when there is none. Where
   * circles share jobs one of them is told: the others may be gone with it.
   */
  readonly circles: ReadonlyArray<readonly Id[]>;
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
  return { levels, circles: listCircles(entangled, upstreams) };
}

/** Circles behind circles come to light once those are taken away. What so many rounds do not show is told the next time. */
const MOST_ROUNDS = 20;

function listCircles<Id>(
  entangled: ReadonlySet<Id>,
  upstreams: ReadonlyMap<Id, readonly Id[]>,
): ReadonlyArray<readonly Id[]> {
  const left = new Set(entangled);
  const circles: (readonly Id[])[] = [];
  for (let round = 0; round < MOST_ROUNDS && left.size > 0; round += 1) {
    const found = followFirsts(left, upstreams);
    if (found.length === 0) break;
    circles.push(...found);
    for (const id of found.flat()) left.delete(id);
  }
  return circles;
}

/** The circles that come of going from each job to the first one that it waits for. Linear: no job is passed twice. */
function followFirsts<Id>(
  left: ReadonlySet<Id>,
  upstreams: ReadonlyMap<Id, readonly Id[]>,
): ReadonlyArray<readonly Id[]> {
  const passed = new Set<Id>();
  return [...left].flatMap((start) => {
    const walked = new Map<Id, number>();
    let id: Id | undefined = start;
    while (id !== undefined && !passed.has(id)) {
      passed.add(id);
      walked.set(id, walked.size);
      id = upstreams.get(id)?.find((upstream) => left.has(upstream));
    }
    const from = id === undefined ? undefined : walked.get(id);
    return id === undefined || from === undefined ? [] : [[...[...walked.keys()].slice(from), id]];
  });
}
