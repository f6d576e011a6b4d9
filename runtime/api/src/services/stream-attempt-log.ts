import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type Attempt,
  type AttemptAddress,
  getAttempt,
  getRun,
  OptimusError,
  pause,
  type RunDetail,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { CallContext } from '../call/call.ts';
import { fromRequiredTimestamp } from '../mapping/time-mapping.ts';

type Piece = MessageInitShape<typeof core.GetJobRunLogResponseSchema>;

const PIECE_BYTES = 64 * 1024;
/** How long a follower may miss that an attempt ended, should the news get lost. */
const RECHECK_MS = 5_000;
/** A run that waits for others may do so for days: who follows it is told instead. */
const UNDER_WAY: readonly string[] = ['queued', 'running', 'up_for_retry'];
const WAITING: readonly string[] = ['pending', 'queued'];

/**
 * The log of one attempt in pieces; with `follow` until the attempt ends. The first piece comes at once, empty when nothing is
 * written yet: it says that the attempt is found.
 * @throws OptimusError `RUN_NOT_FOUND`, `LOG_NOT_FOUND`, `SERVER_STOPPING` when the server stops before the attempt
 */
export async function* streamAttemptLog(
  deps: ApiDeps,
  request: core.GetJobRunLogRequest,
  context: CallContext,
): AsyncIterable<Piece> {
  const address = toAddress(request);
  if (request.follow) yield* awaitAttempt(deps, address, context);
  const { run, attempt } = await getAttempt(deps, address);
  const pinned = { ...address, attempt: attempt.number };
  const reader = new LogReader(deps, attempt.id);
  if (!request.follow || hasEnded(attempt)) {
    yield { data: await readFirstOf(attempt, reader, deps) };
    yield* reader.readRest();
    return;
  }
  yield { data: new Uint8Array() };
  yield* followAttempt(deps, { pinned, runId: run.id, reader, context });
}

/** What is followed may have its turn yet to come, say after its pre hooks: while it is on its way to it, that is waited for. */
async function* awaitAttempt(
  deps: ApiDeps,
  address: AttemptAddress,
  context: CallContext,
): AsyncIterable<Piece> {
  const run = await getRun(deps, address);
  if (!isBeforeFirst(run, address)) return;
  yield { data: new Uint8Array() };
  using news = watchRun(deps, run.id);
  while (isBeforeFirst(await getRun(deps, address), address)) {
    await news.wait((signal) => pause(RECHECK_MS, signal), context);
  }
}

function isBeforeFirst(
  { state, instances }: RunDetail,
  { instance: name, attempt }: AttemptAddress,
): boolean {
  const instance = instances.find((one) => (name === undefined ? one.type === 'task' : one.name === name));
  if (attempt !== undefined || instance?.attempts.length !== 0) return false;
  return UNDER_WAY.includes(state) && WAITING.includes(instance.state);
}

async function readFirstOf(
  attempt: Attempt,
  reader: LogReader,
  { hostId }: Pick<ApiDeps, 'hostId'>,
): Promise<Uint8Array> {
  try {
    return await reader.readFirst();
  } catch (thrown) {
    throw isLogMissing(thrown) ? toNoLog(attempt, hostId, thrown) : thrown;
  }
}

/** People know an attempt by its number, and one that never started by its reason. A log stays on the host that had its attempt. */
function toNoLog({ number, message, hostId }: Attempt, ownHostId: string, cause: unknown): OptimusError {
  if (hostId !== ownHostId)
    return new OptimusError('LOG_NOT_FOUND', {
      message: `the log of attempt ${number} is on host ${hostId}, and this server is on ${ownHostId}`,
      hint: 'ask a server on that host',
      cause,
    });
  const reason = message === '' ? '' : `: ${message}`;
  return new OptimusError('LOG_NOT_FOUND', { message: `attempt ${number} has no log${reason}`, cause });
}

function isLogMissing(thrown: unknown): boolean {
  return thrown instanceof OptimusError && thrown.code === 'LOG_NOT_FOUND';
}

interface Followed {
  readonly pinned: AttemptAddress;
  readonly runId: string;
  readonly reader: LogReader;
  readonly context: CallContext;
}

async function* followAttempt(deps: ApiDeps, followed: Followed): AsyncIterable<Piece> {
  const { pinned, reader, context } = followed;
  using news = watchRun(deps, followed.runId);
  for (;;) {
    // Asked before reading: what is written until the end is then read for sure.
    const { attempt } = await getAttempt(deps, pinned);
    try {
      yield* reader.readRest();
    } catch (thrown) {
      if (!isLogMissing(thrown)) throw thrown;
      if (!isComing(attempt, deps)) throw toNoLog(attempt, deps.hostId, thrown);
    }
    if (hasEnded(attempt)) return;
    await news.wait((signal) => reader.waitForMore(signal), context);
  }
}

/** An attempt that is just starting here has no log yet. */
function isComing({ state, hostId }: Attempt, deps: Pick<ApiDeps, 'hostId'>): boolean {
  return state === 'starting' && hostId === deps.hostId;
}

function hasEnded({ state }: Attempt): boolean {
  return state !== 'starting' && state !== 'running';
}

/** Wakes a follower when its run changes, what else it waits for comes, its client leaves or the server stops. */
function watchRun({ changes }: ApiDeps, runId: string) {
  let changed = new AbortController();
  const unsubscribe = changes.subscribe((change) => {
    if (change.topic === 'resync' || change.id === runId) changed.abort();
  });
  return {
    async wait(
      forMore: (signal: AbortSignal) => Promise<void>,
      { signal, stopping }: CallContext,
    ): Promise<void> {
      await forMore(AbortSignal.any([changed.signal, signal, stopping]));
      signal.throwIfAborted();
      if (stopping.aborted) throw new OptimusError('SERVER_STOPPING', { message: 'the server is stopping' });
      if (changed.signal.aborted) changed = new AbortController();
    },
    [Symbol.dispose]: unsubscribe,
  };
}

class LogReader {
  readonly #deps: ApiDeps;
  readonly #attemptId: string;
  #offset = 0;

  constructor(deps: ApiDeps, attemptId: string) {
    this.#deps = deps;
    this.#attemptId = attemptId;
  }

  /** @throws OptimusError `LOG_NOT_FOUND` */
  async readFirst(): Promise<Uint8Array> {
    const { data, nextOffset } = await this.#deps.logs.read(this.#attemptId, this.#offset, PIECE_BYTES);
    this.#offset = nextOffset;
    return data;
  }

  /** Up to the present end. @throws OptimusError `LOG_NOT_FOUND` */
  async *readRest(): AsyncIterable<Piece> {
    for (let data = await this.readFirst(); data.length > 0; data = await this.readFirst()) yield { data };
  }

  waitForMore(signal: AbortSignal): Promise<void> {
    return this.#deps.logs.waitForMore(this.#attemptId, this.#offset, { signal, maxWaitMs: RECHECK_MS });
  }
}

function toAddress(request: core.GetJobRunLogRequest): AttemptAddress {
  const { projectName, jobName, instanceName, attempt } = request;
  return {
    project: projectName,
    job: jobName,
    scheduledAt: fromRequiredTimestamp(request.scheduledAt, 'scheduled_at'),
    ...(instanceName === '' ? {} : { instance: instanceName }),
    ...(attempt === 0 ? {} : { attempt }),
  };
}
