import {
  type AttemptOutcome,
  type ChangeFeed,
  type ClaimedAttempt,
  type ExecutionReport,
  type ExecutionRequest,
  type Executor,
  type Log,
  OptimusError,
  type RunStore,
  type ServerIdentity,
  type Service,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';
import { isDatabaseAway, isStale, persist } from './back-off.ts';
import type { SkippedAttempt } from './execution-request.ts';
import type { HeldAttempts } from './held-attempts.ts';

/** What dispatching needs. */
export interface RunDispatcherOptions {
  readonly runs: Pick<RunStore, 'claim' | 'markRunning' | 'renewLeases'>;
  readonly feed: ChangeFeed;
  readonly executor: Executor;
  readonly makeRequest: (attempt: ClaimedAttempt) => Promise<ExecutionRequest | SkippedAttempt>;
  readonly record: (report: ExecutionReport) => Promise<void>;
  readonly held: HeldAttempts;
  readonly server: ServerIdentity;
  readonly leaseMs: number;
  /** Attempts that this server runs at once. */
  readonly maxRunning: number;
  /** How long a stop waits for starts that are under way, before it gives them up; default 5,000. */
  readonly stopGraceMs?: number;
  readonly log: Log;
}

/** A change of the schedule may be one of the configuration, in which limits are. */
const WAKING: ReadonlySet<string> = new Set(['run_ready', 'schedule_changed', 'resync']);
/** The longest rest between two claims: see "As a last resort" in DESIGN.md. */
const LONGEST_REST_MS = 60_000;

/** What its run or its time was over before it began; which of them it was is known to whoever called it off. */
const CALLED_OFF: AttemptOutcome = { kind: 'refused', message: 'was called off before it began' };

/** Claims ready runs, as many as slots are free, and has them started. */
export class RunDispatcher implements Service {
  readonly name = 'run-dispatcher';
  readonly #options: RunDispatcherOptions;
  readonly #loop: WorkLoop;
  readonly #starting = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Aborted when a stop has waited long enough for starts. */
  readonly #leaving = new AbortController();
  #unsubscribe: (() => void) | undefined;
  /** Whether a slot that becomes free could be of use: until a claim has found less than it had slots for. */
  #mayBeMore = true;

  constructor(options: RunDispatcherOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
    options.held.onRelease(() => {
      if (this.#mayBeMore) this.#loop.wake();
    });
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (WAKING.has(topic)) this.#loop.wake();
    });
    this.#loop.start();
  }

  /** Resolves when no start is under way any more: one that takes long is left to the next server, which finds it never begun. */
  async stop(): Promise<void> {
    const { stopGraceMs = 5000 } = this.#options;
    this.#unsubscribe?.();
    await this.#loop.stop();
    this.#stopping.abort();
    const timer = setTimeout(() => this.#leaving.abort(), stopGraceMs);
    await Promise.allSettled(this.#starting);
    clearTimeout(timer);
  }

  async #turn(): Promise<number> {
    const { runs, held, server, leaseMs, maxRunning } = this.#options;
    const limit = maxRunning - held.size;
    // Also while the claim is under way: a slot that becomes free meanwhile is not part of it.
    this.#mayBeMore = true;
    if (limit <= 0) return LONGEST_REST_MS;
    const claimedAt = performance.now();
    const { attempts, nextReadyInMs = LONGEST_REST_MS } = await runs.claim(server, { limit, leaseMs });
    this.#mayBeMore = attempts.length >= limit;
    for (const attempt of attempts) this.#dispatch(attempt, claimedAt);
    return Math.min(Math.max(nextReadyInMs, 0), LONGEST_REST_MS);
  }

  #dispatch(attempt: ClaimedAttempt, claimedAt: number): void {
    const { held, log } = this.#options;
    held.hold(attempt);
    const start = this.#start(attempt, claimedAt).catch((thrown: unknown) => {
      log.info('a start was given up', { attempt: attempt.attemptId, reason: toErrorMessage(thrown) });
    });
    this.#starting.add(start);
    void start.then(() => this.#starting.delete(start));
  }

  async #start(attempt: ClaimedAttempt, claimedAt: number): Promise<void> {
    const { executor, held } = this.#options;
    let handle: unknown;
    try {
      const request = await this.#makeRequest(attempt);
      if (!(await this.#isStillOwned(attempt, claimedAt))) return held.release(attempt);
      const calledOff = held.find(attempt)?.calledOff.signal;
      if (!calledOff || calledOff.aborted) return this.#record(attempt, CALLED_OFF);
      if ('skipReason' in request) {
        return this.#record(attempt, { kind: 'skipped', message: request.skipReason });
      }
      handle = await executor.start(request, AbortSignal.any([calledOff, this.#leaving.signal]));
    } catch (thrown) {
      return this.#refuse(attempt, thrown);
    }
    // Taken over by another server while it started, it must not go on here; a task that has ended meanwhile is past canceling.
    if (!held.find(attempt)) return executor.cancel(handle, 0);
    held.hold(attempt, handle);
    await this.#markRunning(attempt, handle);
  }

  #makeRequest(attempt: ClaimedAttempt): Promise<ExecutionRequest | SkippedAttempt> {
    const { makeRequest, log } = this.#options;
    return persist(() => makeRequest(attempt), {
      signal: this.#stopping.signal,
      log,
      what: `make the context of attempt ${attempt.attemptId}`,
      isFinal: (thrown) => !isDatabaseAway(thrown),
    });
  }

  /** A start that took long, say because the database was away, may have lost its attempt to another server. */
  async #isStillOwned(attempt: ClaimedAttempt, claimedAt: number): Promise<boolean> {
    const { runs, server, leaseMs, held, log } = this.#options;
    if (!held.find(attempt)) return false;
    if (performance.now() - claimedAt < leaseMs / 2) return true;
    const ids = await persist(() => runs.renewLeases(server, leaseMs, [attempt.attemptId]), {
      signal: this.#stopping.signal,
      log,
      what: `renew the lease of attempt ${attempt.attemptId}`,
    });
    return ids.includes(attempt.attemptId) && held.find(attempt) !== undefined;
  }

  async #refuse(attempt: ClaimedAttempt, thrown: unknown): Promise<void> {
    // What this server leaves now is found never started by its successor.
    if (this.#stopping.signal.aborted) throw thrown;
    await this.#record(attempt, toRefusal(thrown));
  }

  async #record({ attemptId, fence }: ClaimedAttempt, outcome: AttemptOutcome): Promise<void> {
    await this.#options.record({ attemptId, fence, outcome });
  }

  async #markRunning(attempt: ClaimedAttempt, handle: unknown): Promise<void> {
    const { runs, log, held } = this.#options;
    const isFinal = (thrown: unknown): boolean => isStale(thrown) || !held.find(attempt);
    const what = `record that attempt ${attempt.attemptId} runs`;
    await persist(() => runs.markRunning(attempt, handle), {
      signal: this.#stopping.signal,
      log,
      what,
      isFinal,
    }).catch((thrown: unknown) => {
      // The end of a short task came first; or another owner has found the attempt by its id.
      if (!isFinal(thrown)) throw thrown;
    });
  }
}

/** The mend belongs to it: whoever reads why a run failed is rarely the one who set the server up. */
function toRefusal(thrown: unknown): AttemptOutcome {
  const message = toErrorMessage(thrown);
  if (!(thrown instanceof OptimusError)) return { kind: 'refused', message };
  const { code, hint } = thrown;
  return { kind: 'refused', message: hint === undefined ? message : `${message}; ${hint}`, code };
}
