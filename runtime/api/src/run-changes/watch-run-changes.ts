import {
  OptimusError,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  type RunChange,
  type RunChangeFilter,
  type RunChangePosition,
  type RunChangeStore,
  type RunState,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { CallContext } from '../call/call.ts';
import { fromStateFilter } from '../mapping/run-mapping.ts';
import { ChangeQueue, type SeenChange } from './change-queue.ts';
import type { RunChangeHub } from './run-change-hub.ts';

/** What watching needs. */
export interface WatchRunChangesDeps {
  readonly runChanges: RunChangeStore;
  readonly hub: RunChangeHub;
  /** Default 15,000. */
  readonly heartbeatMs?: number;
}

/** Changes that wait for a listener at most. */
const MOST_WAITING = 2_000;
const PAGE = 500;
const HEARTBEAT_MS = 15_000;

interface Wanted extends RunChangeFilter {
  readonly project: NonNullable<RunChangeFilter['project']>;
  readonly states: ReadonlySet<RunState> | undefined;
}

/**
 * Changes of a project's runs from now on, or after a position, each once. The position comes first, and again whenever nothing was
 * told for a while.
 * @throws OptimusError `REQUEST_INVALID`, `RUN_CHANGES_GONE`, `TOO_MANY_LISTENERS`, `LISTENER_TOO_SLOW`, `SERVER_STOPPING`
 */
export async function* watchRunChanges(
  deps: WatchRunChangesDeps,
  request: core.WatchRunChangesRequest,
  context: CallContext,
): AsyncIterable<SeenChange> {
  const wanted = toWanted(request);
  const after = context.header('last-event-id') || request.after;
  const queue = new ChangeQueue(MOST_WAITING);
  const tell = (seen: SeenChange): void => {
    if (!isWanted(seen.change, wanted)) return;
    queue.push(seen);
    if (!queue.failure) return;
    // The answer that is on its way may never be taken.
    deps.hub.leave(tell);
    context.cut(queue.failure);
  };
  const joinedAt = await deps.hub.join(tell);
  try {
    if (after !== '') yield* catchUp(deps, { after, until: joinedAt, wanted, signal: context.signal });
    yield { position: joinedAt };
    yield* follow(deps, queue, { context, joinedAt });
  } finally {
    deps.hub.leave(tell);
  }
}

/** What others have been told since. */
async function* catchUp(
  { runChanges }: WatchRunChangesDeps,
  options: {
    readonly after: RunChangePosition;
    readonly until: RunChangePosition;
    readonly wanted: Wanted;
    readonly signal: AbortSignal;
  },
): AsyncIterable<SeenChange> {
  const { until, wanted, signal } = options;
  const { states: _, ...filter } = wanted;
  let { after } = options;
  for (let isLast = false; !isLast; ) {
    const page = await runChanges.read({ after, until, limit: PAGE, ...filter });
    signal.throwIfAborted();
    yield* page.changes.filter(({ change }) => isWanted(change, wanted));
    ({ position: after, isLast } = page);
  }
}

async function* follow(
  { hub, heartbeatMs = HEARTBEAT_MS }: WatchRunChangesDeps,
  queue: ChangeQueue,
  { context, joinedAt }: { readonly context: CallContext; readonly joinedAt: RunChangePosition },
): AsyncIterable<SeenChange> {
  const { signal, stopping } = context;
  const ended = AbortSignal.any([signal, stopping]);
  for (;;) {
    const seen = await queue.take(heartbeatMs, ended);
    signal.throwIfAborted();
    if (stopping.aborted) throw new OptimusError('SERVER_STOPPING', { message: 'the server is stopping' });
    yield* seen;
    // Only with nothing waiting is the listener where the hub is.
    if (seen.length === 0 && queue.isEmpty) yield { position: hub.position ?? joinedAt };
  }
}

function toWanted(request: core.WatchRunChangesRequest): Wanted {
  const { projectName, namespaceName, jobName, state } = request;
  const states = fromStateFilter(state);
  return {
    project: parseProjectName(projectName),
    ...(namespaceName !== '' && { namespace: parseNamespaceName(namespaceName) }),
    ...(jobName !== '' && { job: parseJobName(jobName) }),
    states: states && new Set(states),
  };
}

function isWanted(change: RunChange | undefined, { project, namespace, job, states }: Wanted): boolean {
  if (!change) return false;
  return (
    change.project === project &&
    (namespace === undefined || change.namespace === namespace) &&
    (job === undefined || change.job === job) &&
    (states === undefined || states.has(change.state))
  );
}
