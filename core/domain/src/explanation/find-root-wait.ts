import { MOST_WAITS, type WaitEdge } from './run-facts.ts';

/** What one wait leads to in the end. */
export interface RootWait {
  /** The wait for a run that is not itself waiting for others. */
  readonly edge: WaitEdge;
  /** The run's own wait by which that one is reached; the same when nothing lies between. */
  readonly through: WaitEdge;
  /** How many waiting runs lie between. */
  readonly depth: number;
}

/** What no time mends comes first; then what takes longest. */
const RANKS = [
  'failed',
  'canceled',
  'halted',
  'absent',
  'wait_upstream',
  'up_for_retry',
  'queued',
  'running',
  'success',
  'skipped',
];

/**
 * The wait with which a run's waiting begins, of all that it waits for directly or not: of those whose run does not itself wait, the
 * one that people must see to first, and of these the nearest. Undefined when what is waited for waits itself, as far as was followed.
 * Waits never form a circle: a deployment refuses those between jobs, and a job waits for earlier ticks of its own. Pure.
 */
export function findRootWait(edges: readonly WaitEdge[], runId: string): RootWait | undefined {
  const byRun = Map.groupBy(edges, (edge) => edge.runId);
  const seen = new Set<string>([runId]);
  const isWhole = edges.length < MOST_WAITS;
  let best: RootWait | undefined;
  let level = (byRun.get(runId) ?? []).map((edge) => ({ edge, through: edge }));
  for (let depth = 0; level.length > 0; depth += 1) {
    for (const { edge, through } of level.filter((reached) => isRoot(reached.edge, byRun, isWhole))) {
      if (!best || rankOf(edge) < rankOf(best.edge)) best = { edge, through, depth };
    }
    level = level.flatMap(({ edge, through }) => {
      const id = edge.upstreamRunId;
      if (id === undefined || edge.state !== 'wait_upstream' || seen.has(id)) return [];
      seen.add(id);
      return (byRun.get(id) ?? []).map((next) => ({ edge: next, through }));
    });
  }
  return best;
}

/** A run that waits, and for no other one, waits for an endpoint. */
function isRoot(
  { state, upstreamRunId: id }: WaitEdge,
  byRun: ReadonlyMap<string, unknown>,
  isWhole: boolean,
): boolean {
  return state !== 'wait_upstream' || (isWhole && id !== undefined && !byRun.has(id));
}

function rankOf({ state, isHalted }: WaitEdge): number {
  return RANKS.indexOf(state ?? (isHalted ? 'halted' : 'absent'));
}
